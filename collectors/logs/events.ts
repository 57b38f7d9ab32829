/** Log events on their way: identical ones counted as one, and no more of a source than its share. */
import type { Clock } from "../../lib/clock.ts";
import { timestampOf } from "../../lib/clock.ts";
import { sanitise } from "../../lib/text.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { LogRecord } from "./parsers/record.ts";

/** One event as it is sent. */
export type LogEvent = MetricData<"log_event_list">["events"][number];

/** Longest message that is sent, in characters. */
const maxMessage = 4_096;
const maxName = 256;

/** Events of one source since they were last taken. */
export interface Events {
  /** Adds a line; false when it is suppressed. */
  add(record: LogRecord, nowMs: number): boolean;
  take(): LogEvent[];
}

/**
 * Makes a source's events: at most `perMinute` in any minute, after a pause as many at once. A repetition of an event that waits is
 * counted on it and takes no share.
 */
export function eventsOf(source: string, perMinute: number, clock: Clock): Events {
  let waiting = new Map<string, LogEvent>();
  let share = perMinute;
  let sharedMs = clock.monotonicMs();

  const mayAdd = (): boolean => {
    const nowMs = clock.monotonicMs();
    share = Math.min(perMinute, share + (nowMs - sharedMs) * perMinute / 60_000);
    sharedMs = nowMs;
    if (share < 1) return false;
    share--;
    return true;
  };

  return {
    add(record, nowMs) {
      const key = `${record.level}\0${record.process}\0${record.message}`;
      const same = waiting.get(key);
      if (same !== undefined) {
        same.count++;
        return true;
      }
      if (!mayAdd()) return false;
      waiting.set(key, eventOf(record, source, nowMs));
      return true;
    },
    take() {
      const events = [...waiting.values()];
      waiting = new Map();
      return events;
    },
  };
}

function eventOf(record: LogRecord, source: string, nowMs: number): LogEvent {
  const { message, level, process, pid, unit, status } = record;
  return {
    timestamp: timestampOf(timeOf(record, nowMs)),
    source,
    message: bounded(message, maxMessage),
    count: 1,
    ...(level === undefined ? {} : { level }),
    ...(process === undefined ? {} : { process: bounded(process, maxName) }),
    ...(pid === undefined ? {} : { pid }),
    ...(unit === undefined ? {} : { unit: bounded(unit, maxName) }),
    ...(status === undefined ? {} : { status }),
  };
}

/** The line's own time, unless it is none that a calendar has. */
function timeOf({ timestampMs }: LogRecord, nowMs: number): number {
  const isUsual = timestampMs !== undefined && timestampMs > 0 && timestampMs < 4e12;
  return isUsual ? timestampMs : nowMs;
}

/** Harmless text of at most `maxLength` characters: controls are escaped, which can make it longer before it is cut. */
function bounded(text: string, maxLength: number): string {
  return sanitise(text, maxLength).slice(0, maxLength).toWellFormed();
}
