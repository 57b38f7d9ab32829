/** What drives say of their own health: `smart_list`. */
import * as z from "zod/mini";
import { text } from "../limits.ts";
import { counter, gauge, state } from "../measure.ts";

/** Most attributes of a drive that are kept; ATA has room for 30. */
export const maxSmartAttributes = 64;

/** One ATA attribute. `raw` is packed by each vendor in its own way: it is shown, and compared with nothing. */
const smartAttribute = z.object({
  id: state({
    unit: "{attribute}",
    help: "Number of the attribute.",
    prometheus: "spectra_smart_attribute_id",
  }),
  name: text(),
  /** True for the attributes that foretell failure best: 5, 187, 188, 197, 198, 199. */
  predictive: z.optional(z.boolean()),
  /** True when falling to the threshold means that the drive is about to fail, not that it is worn. */
  prefailure: z.optional(z.boolean()),
  /** `now` or `past` when the value is or was at its threshold or below. */
  failed: z.optional(text()),
  value: z.optional(gauge({
    unit: "1",
    help: "Normalised value: the higher the better.",
    prometheus: 'smartctl_device_attribute{attribute_value_type="value"}',
  })),
  worst: z.optional(gauge({
    unit: "1",
    help: "Lowest normalised value ever.",
    prometheus: 'smartctl_device_attribute{attribute_value_type="worst"}',
  })),
  threshold: z.optional(gauge({
    unit: "1",
    help: "Normalised value at which the attribute counts as failed.",
    prometheus: 'smartctl_device_attribute{attribute_value_type="thresh"}',
  })),
  raw: z.optional(state({
    unit: "1",
    help: "Raw value, packed as the vendor likes.",
    prometheus: 'smartctl_device_attribute{attribute_value_type="raw"}',
  })),
  raw_text: z.optional(text()),
});

const sectors = (help: string, field: string) =>
  z.optional(gauge({ unit: "{sector}", help, prometheus: `spectra_smart_${field}` }));
const errors = (help: string, prometheus: string) =>
  z.optional(counter({ unit: "{error}", help, prometheus, otel: "hw.errors" }));

/** One drive. */
export const smart = z.object({
  /** Name of the device without `/dev/`, e.g. `sda`; behind a RAID controller with its type, `bus/0 megaraid,4`. */
  device: text(),
  /**
   * `ok`, `failing` (the drive says so), `sleeping` (left asleep, so there are no figures), `unsupported` (no SMART), `denied`, or
   * `unreadable`; `reason` says why it is not `ok`.
   */
  status: text(),
  reason: z.optional(text(4096)),
  /** Everything that is wrong with the drive, in plain sentences. */
  warnings: z.optional(z.array(text()).check(z.maxLength(maxSmartAttributes))),
  /** `ATA`, `NVMe` or `SCSI`. */
  protocol: z.optional(text()),
  model: z.optional(text()),
  serial: z.optional(text()),
  firmware: z.optional(text()),
  capacity_bytes: z.optional(gauge({
    unit: "By",
    help: "Size of the drive.",
    prometheus: "smartctl_device_capacity_bytes",
    otel: "hw.physical_disk.size",
  })),
  rotation_rpm: z.optional(gauge({
    unit: "{rpm}",
    help: "Rotations per minute; 0 for a drive without moving parts.",
    prometheus: "smartctl_device_rotation_rate",
  })),
  /** The drive's own verdict. */
  passed: z.optional(z.boolean()),
  temperature: z.optional(gauge({
    unit: "Cel",
    help: "Temperature of the drive.",
    prometheus: 'smartctl_device_temperature{temperature_type="current"}',
    otel: "hw.temperature",
  })),
  power_on_seconds: z.optional(counter({
    unit: "s",
    help: "Time that the drive has been powered on, in whole hours.",
    prometheus: "smartctl_device_power_on_seconds",
  })),
  power_cycles: z.optional(counter({
    unit: "{cycle}",
    help: "Times that the drive was powered on.",
    prometheus: "smartctl_device_power_cycle_count",
  })),
  wear_percent: z.optional(gauge({
    unit: "%",
    help: "Endurance that is used up, as the maker rates it; may go beyond 100.",
    prometheus: "smartctl_device_percentage_used",
    otel: "hw.physical_disk.endurance_utilization",
  })),
  available_spare_percent: z.optional(gauge({
    unit: "%",
    help: "Spare blocks left (NVMe).",
    prometheus: "smartctl_device_available_spare",
  })),
  available_spare_threshold_percent: z.optional(gauge({
    unit: "%",
    help: "Spare blocks below which the drive warns (NVMe).",
    prometheus: "smartctl_device_available_spare_threshold",
  })),
  critical_warning: z.optional(state({
    unit: "{bits}",
    help:
      "Critical warning bits (NVMe): 1 spare, 2 temperature, 4 reliability, 8 read-only, 16 backup, 32 persistent memory.",
    prometheus: "smartctl_device_critical_warning",
  })),
  read_bytes: z.optional(counter({
    unit: "By",
    help: "Read by the host over the drive's life (NVMe).",
    prometheus: "smartctl_device_bytes_read",
  })),
  written_bytes: z.optional(counter({
    unit: "By",
    help: "Written by the host over the drive's life (NVMe).",
    prometheus: "smartctl_device_bytes_written",
  })),
  unsafe_shutdowns: z.optional(counter({
    unit: "{shutdown}",
    help: "Times that power was lost without notice (NVMe).",
    prometheus: "spectra_smart_unsafe_shutdowns_total",
  })),
  media_errors: errors("Data that could not be recovered (NVMe, SCSI).", "smartctl_device_media_errors"),
  error_log_entries: errors(
    "Entries that the drive's error log ever had.",
    "smartctl_device_num_err_log_entries",
  ),
  reallocated_sectors: sectors(
    "Sectors replaced by spare ones (ATA 5, SCSI grown defects).",
    "reallocated_sectors",
  ),
  reported_uncorrectable: errors(
    "Errors that the drive could not correct and reported (ATA 187).",
    "spectra_smart_reported_uncorrectable_total",
  ),
  pending_sectors: sectors("Sectors that wait to be read again or replaced (ATA 197).", "pending_sectors"),
  offline_uncorrectable: sectors(
    "Sectors that a scan of the drive's own could not read (ATA 198).",
    "offline_uncorrectable_sectors",
  ),
  crc_errors: errors(
    "Transfers with a wrong checksum: mostly a bad cable (ATA 199).",
    "spectra_smart_crc_errors_total",
  ),
  /** Result of the last self-test in the drive's words; absent when there was none. */
  self_test: z.optional(text()),
  self_test_passed: z.optional(z.boolean()),
  /** ATA only. */
  attributes: z.optional(z.array(smartAttribute).check(z.maxLength(maxSmartAttributes))),
});

/** Data of a `smart_list` envelope. */
export const smartList = z.object({
  devices: z.array(smart).check(z.maxLength(1024)),
});
