/** The processors of a host by their number: they come and go (hot-plug, `cpu.online`, a container's cpuset). */
import { type ProcessorTimes, processorTimes } from "./usage.ts";

/** The usage of each processor from reading to reading. */
export interface Processors {
  /** Takes the reading of one processor. */
  advance(cpu: number, seconds: Float64Array): void;
  /**
   * Ends a reading: percent by processor number, `null` for a number that is offline, new or without passed time; `undefined` when no
   * processor has a figure. Processors that were not in the reading are forgotten.
   */
  finish(): (number | null)[] | undefined;
}

interface Tracked {
  readonly times: ProcessorTimes;
  usage: number | undefined;
  seen: boolean;
}

/** Begins to follow the processors of a host. */
export function trackProcessors(): Processors {
  const tracked = new Map<number, Tracked>();
  return {
    advance(cpu, seconds) {
      let processor = tracked.get(cpu);
      if (processor === undefined) {
        processor = { times: processorTimes(), usage: undefined, seen: true };
        tracked.set(cpu, processor);
      }
      processor.usage = processor.times.advance(seconds);
      processor.seen = true;
    },
    finish() {
      let highest = -1;
      for (const [cpu, processor] of tracked) {
        if (!processor.seen) tracked.delete(cpu);
        else if (processor.usage !== undefined) highest = Math.max(highest, cpu);
        processor.seen = false;
      }
      if (highest < 0) return undefined;
      return Array.from({ length: highest + 1 }, (_, cpu) => tracked.get(cpu)?.usage ?? null);
    },
  };
}
