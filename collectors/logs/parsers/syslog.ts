/** The `syslog` parser. */
import { parseSyslogLine } from "../../syslog.ts";
import { type LogRecord, recordOf } from "./record.ts";

/** Parses a line of syslog. */
export function parseSyslog(line: string, nowMs: number): LogRecord | undefined {
  const parsed = parseSyslogLine(line, nowMs);
  return parsed === undefined ? undefined : recordOf(parsed);
}
