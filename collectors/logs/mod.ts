/** Logs: what is written to files and to the systemd journal, counted, and the lines that matter. */
import { type CollectorDefinition, withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxLogs } from "./linux.ts";
import { logsSettings } from "./settings.ts";

/** The `logs` collector. */
export const logsDefinition: CollectorDefinition = withSettings({
  name: "logs",
  summary: "Log files and the systemd journal: lines by level and status, and those worth reading",
  types: ["log_counts", "log_event_list"],
  intervalSeconds: 10,
  deadlineMs: 10_000,
  settings: logsSettings,
  detect: linuxOnly,
  create: linuxLogs,
});
