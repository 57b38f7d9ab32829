/** What the server does by itself, again and again: checkpoints, saving, retention. */
import { type Clock, sleep } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import type { AgentRegistry } from "./agents.ts";
import type { HeadsPersistence } from "./heads_persistence.ts";
import type { Store } from "./storage/store.ts";

const log = logger("server", "maintenance");

/** Paces and bounds of maintenance. */
export const maintenance = {
  checkpointMs: 2000,
  saveMs: 30_000,
  retentionMs: 60_000,
  /** How long batches are kept. */
  keptMs: 2 * 3_600_000,
  /** Batches deleted in one step: others may write in between. */
  stepBatches: 500,
} as const;

/** Starts maintenance. It ends when `signal` is aborted; the promise resolves when the last piece of it is done. */
export async function maintain({ clock, store, agents, persistence, signal }: {
  readonly clock: Clock;
  readonly store: Pick<Store, "run">;
  readonly agents: Pick<AgentRegistry, "saveLastSeen">;
  readonly persistence: Pick<HeadsPersistence, "save">;
  readonly signal: AbortSignal;
}): Promise<void> {
  const repeat = async (everyMs: number, what: string, work: () => Promise<void>) => {
    for (;;) {
      await sleep(clock, everyMs, signal);
      if (signal.aborted) return;
      try {
        await work();
      } catch (error) {
        log.error("Cannot {what}, will try again: {error}", { what, error });
      }
    }
  };
  await Promise.all([
    repeat(maintenance.checkpointMs, "checkpoint the databases", () => store.run("checkpoint", null)),
    repeat(maintenance.saveMs, "save the latest state of hosts", async () => {
      await agents.saveLastSeen();
      await persistence.save();
    }),
    repeat(maintenance.retentionMs, "delete old batches", async () => {
      const receivedMs = clock.now() - maintenance.keptMs;
      const step = { receivedMs, limit: maintenance.stepBatches };
      while (!signal.aborted && await store.run("deleteBatchesBefore", step) === step.limit);
    }),
  ]);
}
