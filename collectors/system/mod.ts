/** The host as a whole: uptime, boot, processes, sessions, file handles, which system it runs. */
import type { CollectorDefinition } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxSystem } from "./linux.ts";

/** The `system` collector. */
export const systemDefinition: CollectorDefinition = {
  name: "system",
  summary: "Uptime, boot, processes and threads, login sessions, open files, operating system",
  types: ["system"],
  intervalSeconds: 60,
  deadlineMs: 5000,
  detect: linuxOnly,
  create: linuxSystem,
};
