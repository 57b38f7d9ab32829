/** A clock that a test moves. */
import type { Clock } from "../../lib/clock.ts";

/** A {@linkcode Clock} that stands still until `advance`. */
export interface FakeClock extends Clock {
  /** Moves both clocks on, firing the timers that come due in order; promise jobs run between them. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock only, as NTP or an operator does. */
  setWall(epochMs: number): void;
  /** Timers that wait. */
  readonly pending: number;
}

/** Makes a clock that shows `epochMs`. */
export function fakeClock(epochMs = Date.UTC(2026, 0, 26, 10, 0, 0)): FakeClock {
  let wall = epochMs;
  let monotonic = 0;
  let nextId = 1;
  const timers = new Map<number, { due: number; callback: () => void }>();
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0)); // let I/O that was started finish a turn
  };
  return {
    now: () => wall,
    monotonicMs: () => monotonic,
    after(delayMs, callback) {
      const id = nextId++;
      timers.set(id, { due: monotonic + Math.max(0, delayMs), callback });
      return () => timers.delete(id);
    },
    async advance(ms) {
      const end = monotonic + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter(([, timer]) =>
          timer.due <= end
        ).sort((a, b) => a[1].due - b[1].due)[0];
        if (next === undefined) break;
        const [id, timer] = next;
        timers.delete(id);
        wall += timer.due - monotonic;
        monotonic = timer.due;
        timer.callback();
        await settle();
      }
      wall += end - monotonic;
      monotonic = end;
    },
    setWall(value) {
      wall = value;
    },
    get pending() {
      return timers.size;
    },
  };
}
