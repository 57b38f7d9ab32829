/** Open long-polls: at most one per agent, the newest wins, so that a restarted agent is not starved by its old connection. */
import type { Clock } from "../../lib/clock.ts";

/** One open long-poll. */
export interface Poll {
  /** True once its time is up, its client went away, or a newer poll of its agent took its place. */
  readonly ended: boolean;
  /** Resolves at the next wake or when the poll ends; at once when it was woken since the last call. */
  event(): Promise<void>;
  /** Frees everything. Calling it again does nothing. */
  end(): void;
}

/** The open long-polls of a server. */
export interface Polls {
  /** Opens a poll, ending an older one of the same agent. */
  open(agentId: string, waitMs: number, signal: AbortSignal): Poll;
  /** Wakes the agent's poll, if it has one. */
  wake(agentId: string): void;
  has(agentId: string): boolean;
  readonly size: number;
  endAll(): void;
}

/** Makes an empty set of polls. */
export function createPolls(clock: Clock): Polls {
  const polls = new Map<string, Poll & { wake(): void }>();
  return {
    open(agentId, waitMs, signal) {
      polls.get(agentId)?.end();
      let ended = signal.aborted;
      let woken = false;
      let waiting: (() => void) | undefined;
      const wake = () => {
        if (waiting === undefined) woken = true;
        waiting?.();
        waiting = undefined;
      };
      const end = () => {
        if (ended) return;
        ended = true;
        cancelTimer();
        signal.removeEventListener("abort", end);
        if (polls.get(agentId) === poll) polls.delete(agentId);
        wake();
      };
      const poll = {
        get ended() {
          return ended;
        },
        event: () =>
          new Promise<void>((resolve) => {
            if (!ended && !woken) waiting = resolve;
            else resolve();
            woken = false;
          }),
        wake,
        end,
      };
      const cancelTimer = ended ? () => {} : clock.after(waitMs, end);
      if (!ended) {
        polls.set(agentId, poll);
        signal.addEventListener("abort", end);
      }
      return poll;
    },
    wake: (agentId) => polls.get(agentId)?.wake(),
    has: (agentId) => polls.has(agentId),
    get size() {
      return polls.size;
    },
    endAll() {
      for (const poll of [...polls.values()]) poll.end();
    },
  };
}
