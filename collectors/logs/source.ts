/** One source of lines: what is counted of it, and which lines are worth an event. */
import type { Clock } from "../../lib/clock.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { isAtLeast, type LogLevel } from "../log_level.ts";
import { eventsOf, type LogEvent } from "./events.ts";
import { finds } from "./parsers/pattern.ts";
import type { LogRecord } from "./parsers/record.ts";

/** What was counted, as it is sent. */
export type LogCounts = MetricData<"log_counts">["sources"][number];

/** Which lines of a source are worth an event. */
export interface Worth {
  /** Those of this level and more severe ones. */
  readonly minLevel: LogLevel | undefined;
  /** Those in which this finds something; with a level too, both must hold. */
  readonly match: RegExp | undefined;
  readonly eventsPerMinute: number;
}

/** A source. */
export interface Source {
  /** Takes a line and what it was parsed to. */
  add(line: string, record: LogRecord | undefined): void;
  counts(): LogCounts;
  takeEvents(): LogEvent[];
}

const statusFields = ["status_1xx", "status_2xx", "status_3xx", "status_4xx", "status_5xx"] as const;

/** Makes a source; its counts begin at zero. */
export function sourceOf(name: string, worth: Worth, clock: Clock): Source {
  const levels = new Map<LogLevel, number>();
  const statuses = [0, 0, 0, 0, 0];
  let hasStatus = false;
  let lines = 0;
  let unparsed = 0;
  let matched = 0;
  let suppressed = 0;
  const events = eventsOf(name, worth.eventsPerMinute, clock);

  const isWorth = (line: string, level: LogLevel | undefined): boolean => {
    const { minLevel, match } = worth;
    if (minLevel !== undefined && (level === undefined || !isAtLeast(level, minLevel))) return false;
    return match === undefined || finds(match, line);
  };

  return {
    add(line, record) {
      lines++;
      if (record === undefined) unparsed++;
      const { level, status } = record ?? {};
      if (level !== undefined) levels.set(level, (levels.get(level) ?? 0) + 1);
      const hundreds = status === undefined ? -1 : Math.floor(status / 100) - 1;
      if (hundreds in statuses) {
        statuses[hundreds] = (statuses[hundreds] ?? 0) + 1;
        hasStatus = true;
      }
      if (!isWorth(line, level)) return;
      matched++;
      if (!events.add(record ?? { message: line }, clock.now())) suppressed++;
    },
    counts() {
      const counts: LogCounts = { source: name, lines, unparsed, matched, suppressed };
      for (const [level, count] of levels) counts[level] = count;
      if (hasStatus) statusFields.forEach((field, index) => counts[field] = statuses[index] ?? 0);
      return counts;
    },
    takeEvents: events.take,
  };
}
