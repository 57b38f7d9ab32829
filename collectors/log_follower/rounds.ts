/**
 * Reading in rounds, one at a time, when a file may be on a file system that does not answer.
 *
 * A collection waits for its round for 2 s, then returns what there is by then: it must not be given up by its own deadline, as what
 * it has taken from the files would be lost.
 */
import { type Clock, DeadlineError, withDeadline } from "../../lib/clock.ts";

const waitMs = 2_000;

/** One lane of rounds. */
export interface Rounds {
  /** Starts `round` and waits for it. @throws When it fails, or the one before has not ended. */
  run(round: () => Promise<void>): Promise<void>;
}

/** Makes the rounds of what reads `what`. */
export function rounds(clock: Clock, what: string): Rounds {
  let startedMs: number | undefined;
  return {
    async run(round) {
      if (startedMs !== undefined) {
        const seconds = Math.round((clock.monotonicMs() - startedMs) / 1_000);
        throw new Error(`Reading ${what} has not come back for ${seconds} s: a file system does not answer`);
      }
      startedMs = clock.monotonicMs();
      const running = round().finally(() => startedMs = undefined);
      try {
        await withDeadline(clock, waitMs, what, running);
      } catch (error) {
        if (!(error instanceof DeadlineError)) throw error;
        // Waited for no longer. If it fails later, the next round meets the same failure.
        running.catch(() => {});
      }
    },
  };
}
