/** File systems (`disk`, `disk_list`) and block devices (`disk_io`, `disk_io_list`). */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";

/** One mounted file system. */
export const disk = z.object({
  device: z.optional(text(4096)),
  mountpoint: text(4096),
  filesystem: z.optional(text()),
  /** `ssd`, `hdd`, `network`, `virtual` … as far as it is known. */
  disk_type: z.optional(text()),
  disk_total: z.optional(gauge({
    unit: "By",
    help: "Size of the file system.",
    prometheus: "node_filesystem_size_bytes",
    otel: "system.filesystem.limit",
  })),
  disk_used: z.optional(gauge({
    unit: "By",
    help: "Size minus free blocks.",
    prometheus: "spectra_filesystem_used_bytes",
    otel: "system.filesystem.usage{system.filesystem.state=used}",
  })),
  disk_available: z.optional(gauge({
    unit: "By",
    help: "What ordinary users can still write.",
    prometheus: "node_filesystem_avail_bytes",
    otel: "system.filesystem.usage{system.filesystem.state=free}",
  })),
  disk_used_pct: z.optional(gauge({
    unit: "%",
    help: "used / (used + available), as `df` computes it.",
    prometheus: "spectra_filesystem_used_percent",
    otel: "system.filesystem.utilization",
  })),
  inodes_total: z.optional(gauge({
    unit: "{inode}",
    help: "Inodes; absent where the file system has no fixed number.",
    prometheus: "node_filesystem_files",
  })),
  inodes_used: z.optional(gauge({
    unit: "{inode}",
    help: "Inodes in use.",
    prometheus: "spectra_filesystem_inodes_used",
    otel: "system.filesystem.inodes.usage",
  })),
  inodes_pct: z.optional(gauge({
    unit: "%",
    help: "Share of inodes in use.",
    prometheus: "spectra_filesystem_inodes_used_percent",
  })),
  /** Mounted read-only, by option or by the kernel after an error. */
  read_only: z.optional(z.boolean()),
  /** Set when the file system does not answer; then there are no sizes. */
  hung: z.optional(z.boolean()),
  hung_seconds: z.optional(gauge({
    unit: "s",
    help: "How long the file system has not answered.",
    prometheus: "spectra_filesystem_hung_seconds",
  })),
});

/** Data of a `disk_list` envelope. */
export const diskList = z.object({
  disks: z.array(disk).check(z.maxLength(limits.listLength)),
});

const ioCounter = (help: string, prometheus: string, unit: "By" | "{operation}" | "ms", otel?: string) =>
  z.optional(counter({ unit, help, prometheus, ...(otel === undefined ? {} : { otel }) }));

/** One block device. */
export const diskIo = z.object({
  device: text(),
  /** Name that people know it by: volume group and volume, crypt name, model. */
  label: z.optional(text()),
  read_bytes: ioCounter(
    "Read from the device.",
    "node_disk_read_bytes_total",
    "By",
    "system.disk.io{disk.io.direction=read}",
  ),
  write_bytes: ioCounter(
    "Written to the device.",
    "node_disk_written_bytes_total",
    "By",
    "system.disk.io{disk.io.direction=write}",
  ),
  read_ops: ioCounter(
    "Reads completed.",
    "node_disk_reads_completed_total",
    "{operation}",
    "system.disk.operations{disk.io.direction=read}",
  ),
  write_ops: ioCounter(
    "Writes completed.",
    "node_disk_writes_completed_total",
    "{operation}",
    "system.disk.operations{disk.io.direction=write}",
  ),
  read_time_ms: ioCounter(
    "Time spent by all reads.",
    "node_disk_read_time_seconds_total",
    "ms",
    "system.disk.operation_time{disk.io.direction=read}",
  ),
  write_time_ms: ioCounter(
    "Time spent by all writes.",
    "node_disk_write_time_seconds_total",
    "ms",
    "system.disk.operation_time{disk.io.direction=write}",
  ),
  io_in_progress: z.optional(gauge({
    unit: "{operation}",
    help: "Operations in flight.",
    prometheus: "node_disk_io_now",
  })),
  io_time_ms: ioCounter(
    "Time in which the device had anything to do.",
    "node_disk_io_time_seconds_total",
    "ms",
    "system.disk.io_time",
  ),
  weighted_io_time_ms: ioCounter(
    "Time times operations in flight; its rate is the mean queue.",
    "node_disk_io_time_weighted_seconds_total",
    "ms",
  ),
  reads_merged: ioCounter(
    "Reads merged with others.",
    "node_disk_reads_merged_total",
    "{operation}",
    "system.disk.merged{disk.io.direction=read}",
  ),
  writes_merged: ioCounter(
    "Writes merged with others.",
    "node_disk_writes_merged_total",
    "{operation}",
    "system.disk.merged{disk.io.direction=write}",
  ),
  discard_bytes: ioCounter("Discarded (trimmed).", "node_disk_discarded_sectors_total", "By"),
  discard_ops: ioCounter("Discards completed.", "node_disk_discards_completed_total", "{operation}"),
  flush_ops: ioCounter("Flushes completed.", "node_disk_flush_requests_total", "{operation}"),
  flush_time_ms: ioCounter("Time spent by all flushes.", "node_disk_flush_requests_time_seconds_total", "ms"),
});

/** Data of a `disk_io_list` envelope. */
export const diskIoList = z.object({
  devices: z.array(diskIo).check(z.maxLength(limits.listLength)),
  pressure_some_seconds: z.optional(counter({
    unit: "s",
    help: "Time in which at least one task waited for I/O (PSI).",
    prometheus: "node_pressure_io_waiting_seconds_total",
  })),
  pressure_full_seconds: z.optional(counter({
    unit: "s",
    help: "Time in which all tasks waited for I/O (PSI).",
    prometheus: "node_pressure_io_stalled_seconds_total",
  })),
});
