/**
 * How busy a processor was between two readings, and times that never go backwards.
 *
 * The kernel's counters may: `iowait` and `idle` are estimates that can shrink a little (proc_stat(5)), and a processor that is
 * unplugged and plugged in again starts from 0. So each mode is held at the highest value seen, and a fall of 3 s or more in idle time
 * or in the sum is a restart (node_exporter judges it in the same way).
 */
import { percentOf } from "../../lib/round.ts";
import { mode, modeCount } from "./parse.ts";

const restartSeconds = 3;

/** One processor's times from reading to reading. */
export interface ProcessorTimes {
  /** Seconds by mode, as of the last `advance`. */
  readonly seconds: Float64Array;
  /**
   * Takes a reading. The answer is the share of the time since the reading before that was neither idle nor iowait, in percent, two
   * decimals; `undefined` at the first reading, after a restart, and when no time has passed.
   *
   * The time passed is the sum of the modes, not the wall clock: a tickless or unplugged processor does not account for all of it.
   */
  advance(now: Float64Array): number | undefined;
}

/** Begins to follow a processor. */
export function processorTimes(): ProcessorTimes {
  const seconds = new Float64Array(modeCount);
  let started = false;
  return {
    seconds,
    advance(now) {
      if (!started || hasRestarted(seconds, now)) {
        started = true;
        seconds.set(now);
        return undefined;
      }
      let total = 0;
      let idle = 0;
      for (let index = 0; index < modeCount; index++) {
        const before = seconds[index] ?? 0;
        const after = Math.max(before, now[index] ?? 0);
        seconds[index] = after;
        total += after - before;
        if (index === mode.idle || index === mode.iowait) idle += after - before;
      }
      return total > 0 ? percentOf(total - idle, total) : undefined;
    },
  };
}

function hasRestarted(before: Float64Array, now: Float64Array): boolean {
  const idleFell = (before[mode.idle] ?? 0) - (now[mode.idle] ?? 0);
  return idleFell >= restartSeconds || sum(before) - sum(now) >= restartSeconds;
}

function sum(seconds: Float64Array): number {
  let total = 0;
  for (let index = 0; index < modeCount; index++) total += seconds[index] ?? 0;
  return total;
}
