/** Volumes made of several devices: Linux md arrays, ZFS pools, btrfs file systems (`raid_list`). */
import * as z from "zod/mini";
import { text } from "../limits.ts";
import { counter, gauge, state } from "../measure.ts";

/** Most members of a volume that are listed. */
export const maxRaidMembers = 1024;

const devices = (help: string, field: string) =>
  z.optional(gauge({ unit: "{device}", help, prometheus: `spectra_raid_${field}_devices` }));
const bytes = (help: string, field: string) =>
  z.optional(gauge({ unit: "By", help, prometheus: `spectra_raid_${field}` }));
const errors = (help: string, field: string) =>
  z.optional(
    counter({ unit: "{error}", help, prometheus: `spectra_raid_${field}_total`, otel: "hw.errors" }),
  );

const errorCounters = {
  read_errors: errors("Reads that failed.", "read_errors"),
  write_errors: errors("Writes that failed.", "write_errors"),
  checksum_errors: errors("Blocks whose checksum was wrong (ZFS, btrfs).", "checksum_errors"),
};

/** One device of a volume. */
const raidMember = z.object({
  name: text(),
  /** In the words of its kind: `in_sync`, `faulty`, `spare`, `rebuilding` (md); `ONLINE`, `FAULTED` (ZFS); `ok`, `missing` (btrfs). */
  state: text(),
  ...errorCounters,
});

/** One volume. */
export const raid = z.object({
  /** `md`, `zfs` or `btrfs`. */
  kind: text(),
  /** Device, pool, or label (the UUID where there is none). */
  name: text(),
  uuid: z.optional(text()),
  /** `raid1`, `raid5` …; of btrfs, the profile of data. */
  level: z.optional(text()),
  /** `ok`, `degraded` (works with less redundancy than it should have), `failed`, or `unknown`. */
  health: text(),
  /** In the words of its kind: `clean`, `active` (md); `ONLINE`, `DEGRADED`, `SUSPENDED` (ZFS). */
  state: z.optional(text()),
  /** What is wrong or could not be read. */
  detail: z.optional(text(4096)),
  devices_total: devices("Devices that the volume should have, without spares.", "total"),
  devices_active: devices("Devices that work and are in step.", "active"),
  devices_missing: devices("Devices that failed, are missing, or are being rebuilt.", "missing"),
  devices_spare: devices("Devices that wait to take over.", "spare"),
  size_bytes: bytes(
    "Size: of md what it offers, of ZFS and btrfs all devices with redundancy.",
    "size_bytes",
  ),
  allocated_bytes: bytes("Of it allocated (ZFS: written; btrfs: in chunks).", "allocated_bytes"),
  data_total_bytes: bytes("Chunks for data (btrfs), redundancy not counted.", "data_total_bytes"),
  data_used_bytes: bytes("Of them in use.", "data_used_bytes"),
  metadata_total_bytes: bytes("Chunks for metadata (btrfs), redundancy not counted.", "metadata_total_bytes"),
  metadata_used_bytes: bytes("Of them in use.", "metadata_used_bytes"),
  fragmentation_percent: z.optional(gauge({
    unit: "%",
    help: "Fragmentation of free space (ZFS).",
    prometheus: "spectra_raid_fragmentation_percent",
  })),
  /** What is being done: `resync`, `recover`, `check`, `scrub`, `resilver`, `balance` …; absent when idle. */
  sync_action: z.optional(text()),
  sync_percent: z.optional(gauge({
    unit: "%",
    help: "How far the resync, check or scrub has come.",
    prometheus: "spectra_raid_sync_percent",
  })),
  sync_bytes_per_second: z.optional(gauge({
    unit: "By/s",
    help: "Its pace, per device.",
    prometheus: "spectra_raid_sync_bytes_per_second",
  })),
  sync_finish_seconds: z.optional(gauge({
    unit: "s",
    help: "Time until it is done, at this pace.",
    prometheus: "spectra_raid_sync_finish_seconds",
  })),
  mismatches: z.optional(gauge({
    unit: "{sector}",
    help: "Sectors in which the last check found copies to differ (md).",
    prometheus: "spectra_raid_mismatch_sectors",
  })),
  ...errorCounters,
  /** The last scrub or resilver in ZFS's words. */
  scrub: z.optional(text()),
  scrub_errors: z.optional(gauge({
    unit: "{error}",
    help: "Errors that the last scrub could not repair (ZFS).",
    prometheus: "spectra_raid_scrub_errors",
  })),
  scrub_finished: z.optional(state({
    unit: "s",
    help: "When the last scrub ended, Unix time (ZFS).",
    prometheus: "spectra_raid_scrub_finished_timestamp_seconds",
  })),
  members: z.optional(z.array(raidMember).check(z.maxLength(maxRaidMembers))),
});

/** Data of a `raid_list` envelope. */
export const raidList = z.object({
  volumes: z.array(raid).check(z.maxLength(1024)),
});
