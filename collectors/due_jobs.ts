/**
 * Work of a collector that takes as long as others need to answer: each job at its own pace, a bounded number at once.
 *
 * A reading starts what is due and waits for it, but not for ever: what has not ended by then goes on, and the next reading
 * shows its outcome. A job is never started again before it has ended.
 */
import { type Clock, sleep } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";

const log = logger("collectors", "jobs");

/** Something to be done again and again. */
export interface Job {
  /** Shortest time from start to start; 0: at every reading. */
  readonly intervalMs: number;
  /** Does it and remembers the outcome; ends by itself. It does not reject but for a mistake in the program. */
  run(): Promise<void>;
}

/** Readings are not exactly as far apart as they should be: a job that is due within this time is due. */
const toleranceMs = 500;

/** Makes a function that starts what is due and resolves when it has ended, or after `waitMs`. */
export function dueJobs(
  clock: Clock,
  jobs: readonly Job[],
  { concurrent, waitMs }: { readonly concurrent: number; readonly waitMs: number },
): () => Promise<void> {
  const startedMs = new Map<Job, number>();
  /** Not ended: waiting for their turn, or running. */
  const pending = new Map<Job, Promise<void>>();
  const waiting: (() => void)[] = [];
  let running = 0;

  async function runInTurn(job: Job): Promise<void> {
    if (running >= concurrent) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      await job.run();
    } catch (error) {
      log.error("A job failed unexpectedly: {error}", { error });
    } finally {
      pending.delete(job);
      const next = waiting.shift(); // Takes over the place.
      if (next === undefined) running--;
      else next();
    }
  }

  return async () => {
    const nowMs = clock.monotonicMs();
    for (const job of jobs) {
      if (pending.has(job) || nowMs < (startedMs.get(job) ?? -Infinity) + job.intervalMs - toleranceMs) {
        continue;
      }
      startedMs.set(job, nowMs);
      pending.set(job, runInTurn(job));
    }
    const over = new AbortController();
    await Promise.race([Promise.all(pending.values()), sleep(clock, waitMs, over.signal)]);
    over.abort();
  };
}
