/** Logs: `log_counts` and `log_event_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge, state } from "../measure.ts";
import { timestampSchema } from "../timestamp.ts";

/** Levels as syslog(3) has them, most severe first. */
export const logLevels = [
  "emergency",
  "alert",
  "critical",
  "error",
  "warning",
  "notice",
  "info",
  "debug",
] as const;

const lines = (help: string, prometheus: string) => z.optional(counter({ unit: "{line}", help, prometheus }));
const ofLevel = (level: (typeof logLevels)[number]) =>
  lines(`Lines of level ${level}.`, `spectra_log_level_lines_total{level="${level}"}`);
const ofStatus = (hundreds: number) =>
  lines(`Requests answered with ${hundreds}xx.`, `spectra_log_requests_total{status="${hundreds}xx"}`);

/** What was counted in one source since the agent started. */
export const logCounts = z.object({
  source: text(),
  lines: lines("Lines read.", "spectra_log_lines_total"),
  emergency: ofLevel("emergency"),
  alert: ofLevel("alert"),
  critical: ofLevel("critical"),
  error: ofLevel("error"),
  warning: ofLevel("warning"),
  notice: ofLevel("notice"),
  info: ofLevel("info"),
  debug: ofLevel("debug"),
  status_1xx: ofStatus(1),
  status_2xx: ofStatus(2),
  status_3xx: ofStatus(3),
  status_4xx: ofStatus(4),
  status_5xx: ofStatus(5),
  unparsed: lines(
    "Lines not in the form that the source's parser knows.",
    "spectra_log_unparsed_lines_total",
  ),
  matched: lines("Lines that were worth an event.", "spectra_log_matched_lines_total"),
  suppressed: lines(
    "Of them not sent as events because there were too many.",
    "spectra_log_suppressed_lines_total",
  ),
  dropped: lines("Lines passed over: longer than can be read.", "spectra_log_dropped_lines_total"),
  lag_bytes: z.optional(gauge({
    unit: "By",
    help: "Bytes written to the source that wait to be read.",
    prometheus: "spectra_log_lag_bytes",
  })),
  /** Why the source can't be read, in words. */
  problem: z.optional(text(4096)),
});

/** Data of a `log_counts` envelope. */
export const logCountsList = z.object({
  sources: z.array(logCounts).check(z.maxLength(limits.listLength)),
});

/** One line that was worth an event. */
export const logEvent = z.object({
  timestamp: timestampSchema,
  source: text(),
  level: z.optional(z.enum(logLevels)),
  message: text(4096),
  process: z.optional(text()),
  pid: z.optional(
    state({ unit: "{pid}", help: "Process that wrote it.", prometheus: "spectra_log_event_pid" }),
  ),
  unit: z.optional(text()),
  status: z.optional(
    state({ unit: "1", help: "HTTP status of the answer.", prometheus: "spectra_log_event_status" }),
  ),
  count: counter({
    unit: "{line}",
    help: "Lines with this message since the collection before.",
    prometheus: "spectra_log_event_count",
  }),
});

/** Data of a `log_event_list` envelope: lines since the collection before. */
export const logEventList = z.object({
  events: z.array(logEvent).check(z.maxLength(limits.listLength)),
});
