/** Processors: how busy, in which modes, load, pressure, frequency. */
import type { CollectorDefinition } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxCpu } from "./linux.ts";

/** The `cpu` collector. */
export const cpuDefinition: CollectorDefinition = {
  name: "cpu",
  summary: "Processor usage in total, per core and by mode, load, pressure, frequency, context switches",
  types: ["cpu"],
  intervalSeconds: 5,
  deadlineMs: 2000,
  detect: linuxOnly,
  create: linuxCpu,
};
