/**
 * `WATCH`: somebody looks at this host, so some types are collected faster for a while. Nobody has to end it: it is
 * renewed while somebody looks, and gone by itself.
 */
import type { Clock } from "../lib/clock.ts";
import type { CommandArgs } from "../protocol/command.ts";
import type { Scheduler } from "./scheduler.ts";

/** The longest that one command speeds collectors up. */
export const maximumWatchMs = 600_000;

/** The watch of an agent. */
export interface Watch {
  /** Begins or renews it. @throws When nothing collects the types, or its time is over. */
  begin(args: CommandArgs<"WATCH">, serverAheadMs: number): void;
  /** True while it lasts: then what was measured is sent at once. */
  isActive(): boolean;
}

/** Makes the watch that drives the scheduler which `scheduler` returns. */
export function watch(clock: Clock, scheduler: () => Pick<Scheduler, "hurry">): Watch {
  let untilMs = -Infinity;
  return {
    begin({ types, interval_seconds, until }, serverAheadMs) {
      // `until` is by the server's clock, which need not agree with this host's.
      const leftMs = Date.parse(until) - (clock.now() + serverAheadMs);
      if (leftMs <= 0) throw new Error(`the time of the watch was over when it came: ${until}`);
      const durationMs = Math.min(maximumWatchMs, leftMs);
      if (!scheduler().hurry(types, interval_seconds * 1_000, durationMs)) {
        throw new Error(`unsupported: this agent collects none of ${types.join(", ")}`);
      }
      untilMs = clock.monotonicMs() + durationMs;
    },
    isActive: () => clock.monotonicMs() < untilMs,
  };
}
