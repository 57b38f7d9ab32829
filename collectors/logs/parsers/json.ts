/**
 * Lines that are JSON objects, as zap, bunyan, pino, logrus, slog, ECS and Docker's `json-file` write them: the same things under
 * different names.
 */
import { levelOfMessage, levelOfStatus, levelOfWord, type LogLevel } from "../../log_level.ts";
import { integerOf, type LogRecord, recordOf } from "./record.ts";

const messageNames = ["msg", "message", "log", "event", "@message", "MESSAGE", "short_message"];
const levelNames = ["level", "severity", "lvl", "log.level", "loglevel", "levelname", "@level"];
const timeNames = ["time", "ts", "timestamp", "@timestamp", "t", "datetime", "date"];
const processNames = ["logger", "name", "app", "service", "component"];
const statusNames = ["status", "status_code", "statusCode", "http.status_code"];

/** bunyan's and pino's numbers. Docker's `stream` is no level: what goes to standard error is no error by that alone. */
const numericLevels: readonly (readonly [number, LogLevel])[] = [
  [60, "critical"],
  [50, "error"],
  [40, "warning"],
  [30, "info"],
  [0, "debug"],
];

/** Parses a line; `undefined` when it is not a JSON object with a message. */
export function parseJson(line: string): LogRecord | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined; // Not JSON: the caller counts it.
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const first = (names: readonly string[]): unknown => {
    for (const name of names) {
      const value = fields.get(name);
      if (value !== undefined && value !== null && value !== "") return value;
    }
    return undefined;
  };
  const message = textOf(first(messageNames))?.trimEnd();
  const process = first(processNames);
  const status = integerOf(textOf(first(statusNames)));
  return recordOf({
    message,
    timestampMs: timeOf(first(timeNames)),
    level: levelOf(first(levelNames)) ??
      (status === undefined ? levelOfMessage(message ?? "") : levelOfStatus(status)),
    process: typeof process === "string" ? process : undefined,
    pid: integerOf(textOf(fields.get("pid"))),
    status,
  });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

function levelOf(value: unknown): LogLevel | undefined {
  if (typeof value === "string") return levelOfWord(value);
  if (typeof value !== "number") return undefined;
  return numericLevels.find(([least]) => value >= least)?.[1];
}

/** A text that names a time, or seconds, milliseconds, microseconds or nanoseconds since 1970: their sizes tell them apart. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === "string") return /^\d{4}-/.test(value) ? Date.parse(value) : undefined;
  if (typeof value !== "number" || value < 1e9 || value > 1e20) return undefined;
  let milliseconds = value < 1e11 ? value * 1_000 : value;
  while (milliseconds > 1e14) milliseconds /= 1_000;
  return Math.floor(milliseconds);
}
