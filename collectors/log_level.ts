/** Levels of log lines, whatever they are called where they come from. */
import { logLevels } from "../protocol/metrics/log.ts";

/** Name of a level. */
export type LogLevel = (typeof logLevels)[number];

/** The level that syslog(3) numbers `priority`: 0 emergency to 7 debug; only its lowest three bits count. */
export function levelOfPriority(priority: number): LogLevel | undefined {
  return logLevels[priority & 7];
}

/** True when `level` is `least` or more severe. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) <= logLevels.indexOf(least);
}

const synonyms = new Map<string, LogLevel>([
  ...logLevels.map((level): [string, LogLevel] => [level, level]),
  ["emerg", "emergency"],
  ["panic", "emergency"],
  ["crit", "critical"],
  ["fatal", "critical"],
  ["dpanic", "critical"],
  ["severe", "error"],
  ["err", "error"],
  ["eror", "error"],
  ["warn", "warning"],
  ["information", "info"],
  ["informational", "info"],
  ["trace", "debug"],
  ["verbose", "debug"],
  ["fine", "debug"],
]);

/** The level that a word means: `WARN`, `fatal`, `Information` …; trace levels with a number (`trace1`) too. */
export function levelOfWord(word: string): LogLevel | undefined {
  const plain = word.trim().toLowerCase();
  return synonyms.get(plain) ?? synonyms.get(plain.replace(/\d$/, ""));
}

/** The level of an answer to a request: the server's fault is an error, the client's worth a notice. */
export function levelOfStatus(status: number): LogLevel {
  if (status >= 500) return "error";
  return status >= 400 ? "notice" : "info";
}

/** The level that a message begins with (`error: …`, `[WARN] …`), as programs write it to a log that keeps none. */
export function levelOfMessage(message: string): LogLevel | undefined {
  const word = /^[[(<]?([A-Za-z]{3,9})[\])>:]/.exec(message)?.[1];
  return word === undefined ? undefined : levelOfWord(word);
}
