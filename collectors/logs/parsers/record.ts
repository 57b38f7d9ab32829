/** What a parser makes of a line. */
import type { LogLevel } from "../../log_level.ts";

/** A line that was understood. */
export interface LogRecord {
  readonly message: string;
  /** Absent where the line has none, or one that names no time: it happened when it was read. */
  readonly timestampMs?: number;
  readonly level?: LogLevel;
  readonly process?: string;
  readonly pid?: number;
  readonly unit?: string;
  /** HTTP status. */
  readonly status?: number;
}

/** Parses one line; `undefined` when it is in another form. `nowMs` is Unix time: some forms leave out the year. */
export type LineParser = (line: string, nowMs: number) => LogRecord | undefined;

/** `record` without what is not known. */
export function recordOf(
  fields: { readonly [Key in keyof LogRecord]?: LogRecord[Key] | undefined },
): LogRecord | undefined {
  const { message, timestampMs, level, process, pid, unit, status } = fields;
  if (message === undefined) return undefined;
  return {
    message,
    ...(timestampMs === undefined || Number.isNaN(timestampMs) ? {} : { timestampMs }),
    ...(level === undefined ? {} : { level }),
    ...(process === undefined || process === "" ? {} : { process }),
    ...(pid === undefined || Number.isNaN(pid) ? {} : { pid }),
    ...(unit === undefined ? {} : { unit }),
    ...(status === undefined || Number.isNaN(status) ? {} : { status }),
  };
}

/** The number that digits write; `undefined` when there are none. */
export function integerOf(digits: string | undefined): number | undefined {
  return digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
