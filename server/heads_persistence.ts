/**
 * Keeps the heads over a restart: changed ones are saved now and then, and what came after the last time is replayed.
 *
 * The state of a host is gzipped JSON: an array of envelopes. Saving ends with a mark, the newest batch that all saved
 * states include; a crash before the mark only means that more is replayed, and replaying changes nothing twice.
 */
import type { Clock } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import { parseEnvelope } from "../protocol/envelope.ts";
import { gzip, inflate, parseJson } from "../transport/codec.ts";
import type { AgentDirectory } from "./agents.ts";
import { decodeBatch } from "./batch.ts";
import type { Heads } from "./heads.ts";
import type { Ingest } from "./ingest.ts";
import { createPacers } from "./pacer.ts";
import type { Store } from "./storage/store.ts";

const log = logger("server", "heads");

/** Hosts saved or read in one go: a larger transaction would hold up batches. */
const chunkHosts = 50;
/** Batches read in one go. */
const chunkBatches = 50;

/** Keeps the heads over a restart. */
export interface HeadsPersistence {
  /** Loads what was saved and replays what came later. Live batches may come in meanwhile. */
  restore(signal: AbortSignal): Promise<void>;
  /** Saves what has changed. It does nothing before {@linkcode restore} has ended: the mark would be wrong. */
  save(): Promise<void>;
}

/** Makes it. */
export function createHeadsPersistence({ clock, store, agents, heads, ingest }: {
  readonly clock: Clock;
  readonly store: Pick<Store, "run">;
  readonly agents: Pick<AgentDirectory, "byId">;
  readonly heads: Heads;
  readonly ingest: Pick<Ingest, "newestBatch">;
}): HeadsPersistence {
  const beginWork = createPacers(clock);
  let restored = false;
  /** Newest batch that was replayed. */
  let replayedBatch = 0;

  async function load(signal: AbortSignal): Promise<void> {
    for (let after = ""; !signal.aborted;) {
      const rows = await store.run("listHeads", { after, limit: chunkHosts });
      for (const { agentId, state } of rows) {
        const agent = agents.byId(agentId);
        if (agent === undefined) continue;
        try {
          heads.restore(agent, await decodeState(state));
        } catch (error) {
          log.error("The saved state of agent {agentId} can't be read: {error}", { agentId, error });
        }
      }
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.agentId;
    }
  }

  async function replay(signal: AbortSignal): Promise<void> {
    replayedBatch = await store.run("headsMark", null);
    while (!signal.aborted) {
      const rows = await store.run("listBatchesAfter", { id: replayedBatch, limit: chunkBatches });
      for (const row of rows) {
        const agent = agents.byId(row.agentId);
        try {
          if (agent !== undefined) {
            heads.restore(agent, await decodeBatch(row, undefined, beginWork()));
            agent.lastSeenMs = Math.max(agent.lastSeenMs ?? 0, row.receivedMs);
          }
        } catch (error) {
          log.error("Stored batch {id} can't be read: {error}", { id: row.id, error });
        }
        replayedBatch = row.id;
      }
      if (rows.length < chunkBatches) return;
    }
  }

  return {
    async restore(signal) {
      await load(signal);
      heads.takeChanged(); // Only what the replay brings is new; a live batch in between is replayed too.
      await replay(signal);
      restored = !signal.aborted;
    },

    async save() {
      if (!restored) return;
      const mark = Math.max(replayedBatch, ingest.newestBatch);
      const changed = heads.takeChanged();
      while (changed.length > 0) {
        const chunk = changed.slice(0, chunkHosts);
        try {
          const rows = [];
          for (const { agentId, envelopes } of chunk) {
            rows.push({ agentId, state: await encodeState(envelopes) });
          }
          await store.run("saveHeads", rows);
        } catch (error) {
          heads.putBack(changed.map(({ agentId }) => agentId));
          throw error;
        }
        changed.splice(0, chunk.length);
      }
      await store.run("saveHeadsMark", mark);
    },
  };
}

function encodeState(envelopes: readonly unknown[]): Promise<Uint8Array<ArrayBuffer>> {
  return gzip(new TextEncoder().encode(JSON.stringify(envelopes)));
}

// No limit on its length but a host's own: it was made from envelopes that were within limits.
async function decodeState(state: Uint8Array<ArrayBuffer>) {
  const elements = parseJson(await inflate(state, "gzip", Number.MAX_SAFE_INTEGER));
  if (!Array.isArray(elements)) throw new Error("the state is not an array");
  return elements.map(parseEnvelope).filter((verdict) => verdict.ok).map(({ envelope }) => envelope);
}
