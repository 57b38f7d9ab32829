/**
 * Long work on the thread that serves HTTP, cut into slices: one slice of all such work runs between two looks at what
 * else there is to do.
 */
import type { Clock } from "../lib/clock.ts";

/** How long a piece of work may hold the thread, in milliseconds. */
const sliceMs = 20;

/** Asked between the steps of long work: what to wait for before the next one, `undefined` when it may go on at once. */
export type Pacer = () => Promise<void> | undefined;

/** Makes pacers that take turns, each for one piece of work that begins now. */
export function createPacers(clock: Clock): () => Pacer {
  const waiting: (() => void)[] = [];

  function resumeNext(): void {
    waiting.shift()?.();
    // A timer, not a microtask: requests are looked at only between timers.
    if (waiting.length > 0) clock.after(0, resumeNext);
  }

  return () => {
    let sliceEndMs = clock.monotonicMs() + sliceMs;
    return () => {
      if (clock.monotonicMs() < sliceEndMs) return undefined;
      return new Promise((resolve) => {
        waiting.push(() => {
          sliceEndMs = clock.monotonicMs() + sliceMs;
          resolve();
        });
        if (waiting.length === 1) clock.after(0, resumeNext);
      });
    };
  };
}
