/** Whether the databases answer: asked at most once a second, however often somebody wants to know. */
import { type Clock, DeadlineError, withDeadline } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import type { Store } from "./storage/store.ts";

const log = logger("server", "readiness");

/** For how long an answer holds, and how long the databases may take for it, in milliseconds. */
const [holdsMs, deadlineMs] = [1000, 2000];

/** Makes the question. */
export function createReadiness(clock: Clock, store: Pick<Store, "run">): () => Promise<boolean> {
  let askedMs = -Infinity;
  let answer = Promise.resolve(false);
  let answered = true;

  async function ask(): Promise<boolean> {
    try {
      await withDeadline(clock, deadlineMs, "the probe of the databases", store.run("probe", null));
      return true;
    } catch (error) {
      if (!(error instanceof DeadlineError)) log.error("The databases do not answer: {error}", { error });
      return false;
    } finally {
      answered = true;
    }
  }

  return () => {
    if (answered && clock.monotonicMs() - askedMs >= holdsMs) {
      askedMs = clock.monotonicMs();
      answered = false;
      answer = ask();
    }
    return answer;
  };
}
