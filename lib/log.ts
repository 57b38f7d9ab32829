/**
 * Logging: one line per record on standard error, so that standard output stays the result.
 *
 * Human text on a terminal, JSON lines otherwise. Text from hosts and networks is sanitised on its way out. Nothing here
 * or in any caller may be given a secret.
 */
import { configure, getLogger, type Logger, type LogLevel, type LogRecord } from "@logtape/logtape";
import { sanitise } from "./text.ts";

/** Levels, from everything to almost nothing. */
export const logLevels = ["debug", "info", "warning", "error"] as const satisfies readonly LogLevel[];

/** How logs are written. */
export type LogFormat = "text" | "json";

/** A logger for one part of the program, named from general to special: `logger("agent", "sender")`. */
export function logger(...category: string[]): Logger {
  return getLogger(["spectra", ...category]);
}

/** Starts logging. Until it is called, records go nowhere. */
export async function configureLogging(level: LogLevel, format: LogFormat): Promise<void> {
  const encoder = new TextEncoder();
  const write = format === "json" ? jsonLine : textLine;
  await configure({
    reset: true,
    sinks: { standardError: (record) => writeAll(encoder.encode(write(record) + "\n")) },
    loggers: [
      { category: ["spectra"], lowestLevel: level, sinks: ["standardError"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["standardError"] },
    ],
  });
}

function writeAll(bytes: Uint8Array): void {
  try {
    for (let written = 0; written < bytes.length;) written += Deno.stderr.writeSync(bytes.subarray(written));
  } catch {
    // Nobody reads standard error any more (a closed pipe): there is no place left to say so.
  }
}

function messageOf(record: LogRecord): string {
  return record.message.map((part) => typeof part === "string" ? part : textOf(part)).join("");
}

function textOf(value: unknown): string {
  if (value instanceof Error) return errorChain(value);
  return typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
}

/** An error's message and those of its causes, joined by `: `. */
export function errorChain(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined && at !== null && parts.length < 8;) {
    const message = at instanceof Error ? at.message : String(at);
    if (message !== "" && !parts.some((part) => part.includes(message))) parts.push(message);
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(": ");
}

function textLine(record: LogRecord): string {
  const time = new Date(record.timestamp).toISOString();
  const category = record.category.slice(1).join(".");
  return sanitise(`${time} ${record.level.toUpperCase().padEnd(7)} ${category}: ${messageOf(record)}`, 8192);
}

function jsonLine(record: LogRecord): string {
  return JSON.stringify({
    timestamp: new Date(record.timestamp).toISOString(),
    level: record.level,
    logger: record.category.slice(1).join("."),
    message: sanitise(messageOf(record), 8192),
  });
}
