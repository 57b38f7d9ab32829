/**
 * Lines of syslog: RFC 3164 as daemons write it to files (`Jan 26 10:00:00 host sshd[812]: …`, local time without a year), the same
 * with RFC 3339 times (rsyslog's default since Debian 12), both with or without `<priority>`, and RFC 5424.
 */
import { levelOfMessage, levelOfPriority, type LogLevel } from "./log_level.ts";

/** A line of syslog. */
export interface SyslogLine {
  readonly timestampMs: number;
  readonly message: string;
  readonly level: LogLevel | undefined;
  /** Empty where the line names none. */
  readonly process: string;
  readonly pid: number | undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const priority = /^<(\d{1,3})>/;
const shortTime = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d+)? /;
const isoTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)) /;
/** `host tag[pid]: message`; the tag ends at a colon or a bracket. The kernel's has no number. */
const rest = /^\S+ ([^\s:[]{1,64})(?:\[(\d{1,10})\])?: ?(.*)$/s;
const version1 = /^1 (\S{1,64}) \S+ (\S{1,64}) (\S{1,128}) \S+ /;

/** Parses a line; `undefined` when it is not syslog. `nowMs` tells the year. */
export function parseSyslogLine(line: string, nowMs: number): SyslogLine | undefined {
  const found = priority.exec(line);
  const level = found?.[1] === undefined ? undefined : levelOfPriority(Number(found[1]));
  const text = found === null ? line : line.slice(found[0].length);
  return found !== null && text.startsWith("1 ")
    ? parseVersion1(text, level)
    : parseClassic(text, level, nowMs);
}

function parseClassic(text: string, level: LogLevel | undefined, nowMs: number): SyslogLine | undefined {
  const short = shortTime.exec(text);
  const iso = short === null ? isoTime.exec(text) : null;
  const time = short ?? iso;
  if (time === null) return undefined;
  const timestampMs = short === null
    ? Date.parse((iso?.[1] ?? "").replace(",", "."))
    : localTime(short, nowMs);
  const after = text.slice(time[0].length);
  const parts = rest.exec(after);
  // No tag: the host's name and a message ("last message repeated 2 times").
  const message = parts?.[3] ?? after.replace(/^\S+ /, "");
  if (Number.isNaN(timestampMs)) return undefined;
  return {
    timestampMs,
    message,
    level: level ?? levelOfMessage(message),
    process: parts?.[1] ?? "",
    pid: parts?.[2] === undefined ? undefined : Number(parts[2]),
  };
}

/** Local time in the year that puts it nearest to now, never more than a day ahead: in January, December's lines are last year's. */
function localTime([, month = "", day, hour, minute, second]: readonly string[], nowMs: number): number {
  const index = months.indexOf(month);
  if (index === -1) return NaN;
  const year = new Date(nowMs).getFullYear();
  const inYear = (year: number) =>
    new Date(year, index, Number(day), Number(hour), Number(minute), Number(second)).getTime();
  return inYear(year) > nowMs + 86_400_000 ? inYear(year - 1) : inYear(year);
}

function parseVersion1(text: string, level: LogLevel | undefined): SyslogLine | undefined {
  const head = version1.exec(text);
  if (head === null) return undefined;
  const [all, time = "", process = "", pid = ""] = head;
  const timestampMs = Date.parse(time);
  if (Number.isNaN(timestampMs)) return undefined;
  const message = text.slice(all.length + structuredDataLength(text, all.length)).replace(/^ ?\ufeff?/, "");
  return {
    timestampMs,
    message,
    level,
    process: process === "-" ? "" : process,
    pid: /^\d{1,10}$/.test(pid) ? Number(pid) : undefined,
  };
}

/** Length of the structured data at `start`: `-`, or elements `[id name="value"]` in which `\"` does not end a value. */
function structuredDataLength(text: string, start: number): number {
  if (text[start] !== "[") return 1;
  let isQuoted = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "\\" && isQuoted) at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === "]" && !isQuoted && text[at + 1] !== "[") return at + 1 - start;
  }
  return text.length - start;
}
