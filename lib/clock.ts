/**
 * The only door to the clock and to timers, so that time can be put in a test's hands.
 *
 * Wall-clock time names when something was measured; the monotonic clock measures how long something took.
 */

/** Time and timers. */
export interface Clock {
  /** Wall-clock time, milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds on a clock that is never set. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`; the function returned cancels it. A pending timer keeps the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits `delayMs`. With a `signal` it resolves at once when that is aborted: the caller looks at the signal.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.after(delayMs, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}

/** Thrown by {@linkcode withDeadline} when time is up. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/**
 * The promise's outcome, or a {@linkcode DeadlineError} after `deadlineMs`. The work itself goes on: pass it a signal where it can stop.
 */
export async function withDeadline<T>(
  clock: Clock,
  deadlineMs: number,
  what: string,
  work: Promise<T>,
): Promise<T> {
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(
      deadlineMs,
      () => reject(new DeadlineError(`${what} did not finish within ${deadlineMs} ms`)),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}

/** RFC 3339 in UTC with milliseconds. */
export function timestampOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
