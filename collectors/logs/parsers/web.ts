/**
 * Logs of web servers: access logs in the `common` and `combined` forms of nginx and Apache, which are the same, nginx's error log and
 * Apache's (2.2 and 2.4).
 */
import { levelOfStatus, levelOfWord } from "../../log_level.ts";
import { integerOf, type LogRecord, recordOf } from "./record.ts";

const monthNumbers: Readonly<Record<string, string>> = {
  Jan: "01",
  Feb: "02",
  Mar: "03",
  Apr: "04",
  May: "05",
  Jun: "06",
  Jul: "07",
  Aug: "08",
  Sep: "09",
  Oct: "10",
  Nov: "11",
  Dec: "12",
};

/** `address identity user [time] "request" status size …`; a quote inside the request is written `\"` or `\x22`. */
const access =
  /^\S+ \S+ .{1,256}? ?\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)\] "(?:[^"\\]|\\.)*" (\d{3}) /s;

/** `2026/01/26 10:00:00 [error] 812#812: *1 message` */
const nginxError = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[([a-z]{3,8})\] (\d{1,10})#\d+: (.*)$/s;

/** `[Mon Jan 26 10:00:00.123456 2026] [core:error] [pid 812:tid 3] message`; 2.2 has neither module nor process. */
const apacheError =
  /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d{4})\] \[(?:[^\]:]*:)?([a-z0-9]{3,10})\] (?:\[pid (\d{1,10})(?::tid \d+)?\] )?(.*)$/s;

function parseAccess(line: string): LogRecord | undefined {
  const found = access.exec(line);
  if (found === null) return undefined;
  const [, day, month = "", year, time, hours, minutes, digits] = found;
  const status = Number(digits);
  const timestampMs = Date.parse(`${year}-${monthNumbers[month]}-${day}T${time}${hours}:${minutes}`);
  return recordOf({
    message: line,
    timestampMs,
    level: levelOfStatus(status),
    status,
  });
}

/** Local time, as both write it into their error logs. */
function localTime(year: string, month: string, day: string, clock: readonly (string | undefined)[]): number {
  const [hour, minute, second] = clock.map(Number);
  return new Date(Number(year), Number(month) - 1, Number(day), hour, minute, second).getTime();
}

/** Parses a line of nginx's access or error log. */
export function parseNginx(line: string): LogRecord | undefined {
  const found = nginxError.exec(line);
  if (found === null) return parseAccess(line);
  const [, year = "", month = "", day = "", hour, minute, second, level = "", pid, message] = found;
  return recordOf({
    message,
    timestampMs: localTime(year, month, day, [hour, minute, second]),
    level: levelOfWord(level),
    process: "nginx",
    pid: integerOf(pid),
  });
}

/** Parses a line of Apache's access or error log. */
export function parseApache(line: string): LogRecord | undefined {
  const found = apacheError.exec(line);
  if (found === null) return parseAccess(line);
  const [, month = "", day = "", hour, minute, second, year = "", level = "", pid, message] = found;
  return recordOf({
    message,
    timestampMs: localTime(year, monthNumbers[month] ?? "", day, [hour, minute, second]),
    level: levelOfWord(level),
    process: "apache",
    pid: integerOf(pid),
  });
}
