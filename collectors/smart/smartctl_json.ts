/**
 * What is read of `smartctl --json` (smartmontools 7.0 and later). Every part may be missing: it depends on the drive, on the bridge
 * before it and on smartctl's version. A part of the wrong kind counts as missing, so that one odd field does not cost the others.
 */
import * as z from "zod/mini";

/** Accepts what is malformed as missing. */
const lenient = <Schema extends z.ZodMiniType>(schema: Schema) => z.catch(z.optional(schema), undefined);

const number = lenient(z.number());
const string = lenient(z.string());
const boolean = lenient(z.boolean());
const section = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => lenient(z.object(shape));

const attribute = z.object({
  id: z.number(),
  name: string,
  value: number,
  worst: number,
  thresh: number,
  when_failed: string,
  flags: section({ prefailure: boolean }),
  raw: section({ value: number, string }),
});

const errorLog = section({ count: number });
const selfTestLog = section({
  table: lenient(z.array(section({ status: section({ string, passed: boolean }) }))),
});
const errorCounts = section({ total_uncorrected_errors: number });
const selfTestStatus = section({ status: section({ string, passed: boolean, value: number }) });

/** Output of smartctl for one device. */
export const smartctlOutput = z.object({
  smartctl: section({
    exit_status: number,
    messages: lenient(z.array(z.object({ string: z.string(), severity: string }))),
  }),
  device: section({ name: string, type: string, protocol: string }),
  model_name: string,
  scsi_model_name: string,
  serial_number: string,
  firmware_version: string,
  scsi_revision: string,
  user_capacity: section({ bytes: number }),
  nvme_total_capacity: number,
  rotation_rate: number,
  smart_support: section({ available: boolean, enabled: boolean }),
  smart_status: section({ passed: boolean }),
  temperature: section({ current: number }),
  power_on_time: section({ hours: number }),
  power_cycle_count: number,
  endurance_used: section({ current_percent: number }),
  ata_smart_attributes: section({ table: lenient(z.array(attribute)) }),
  ata_smart_data: section({ self_test: selfTestStatus }),
  ata_smart_error_log: section({ summary: errorLog, extended: errorLog }),
  ata_smart_self_test_log: section({ standard: selfTestLog, extended: selfTestLog }),
  nvme_smart_health_information_log: section({
    critical_warning: number,
    available_spare: number,
    available_spare_threshold: number,
    percentage_used: number,
    data_units_read: number,
    data_units_written: number,
    unsafe_shutdowns: number,
    media_errors: number,
    num_err_log_entries: number,
  }),
  nvme_self_test_log: section({
    table: lenient(z.array(section({ self_test_result: section({ string, value: number }) }))),
  }),
  scsi_grown_defect_list: number,
  scsi_percentage_used_endurance_indicator: number,
  scsi_error_counter_log: section({ read: errorCounts, write: errorCounts, verify: errorCounts }),
  scsi_self_test_0: section({ result: section({ string, value: number }) }),
});

/** Output of `smartctl --scan`. */
export const smartctlScan = z.object({
  devices: z.catch(
    z.optional(
      z.array(z.object({ name: z.string(), type: z.optional(z.string()) })).check(z.maxLength(1024)),
    ),
    undefined,
  ),
});

/** One device as smartctl described it. */
export type SmartctlOutput = z.infer<typeof smartctlOutput>;
