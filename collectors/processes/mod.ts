/** Processes: those that use most, what they are and where they belong, and sums over all. */
import * as z from "zod/mini";
import { withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxProcesses } from "./linux.ts";

const count = () => z._default(z.int().check(z.minimum(0), z.maximum(1000)), 25);
const percent = () => z._default(z.number().check(z.minimum(0)), 0);

/** The `processes` collector. */
export const processesDefinition = withSettings({
  name: "processes",
  summary: "Processes that use most processor time and memory, and how many there are in which state",
  types: ["process_list"],
  intervalSeconds: 15,
  deadlineMs: 5000,
  settings: z.object({
    top_cpu: count(),
    top_memory: count(),
    min_cpu_percent: percent(),
    min_memory_percent: percent(),
    arguments: z._default(z.enum(["full", "redacted", "none"]), "redacted"),
  }),
  detect: linuxOnly,
  create: (host, settings) => linuxProcesses(host, settings),
});
