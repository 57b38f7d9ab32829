/** Block devices: bytes, operations, time and queue. */
import type { CollectorDefinition } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxDiskIo } from "./linux.ts";

/** The `disk_io` collector. */
export const diskIoDefinition: CollectorDefinition = {
  name: "disk_io",
  summary: "Bytes, operations, time and queue of each disk, I/O pressure",
  types: ["disk_io_list"],
  intervalSeconds: 5,
  deadlineMs: 2000,
  detect: linuxOnly,
  create: linuxDiskIo,
};
