/** Taking in batches: judge, store, then show. Nothing is shown or acknowledged before it is on disk. */
import type { Clock } from "../lib/clock.ts";
import type { Accepted, BatchId } from "../protocol/batch.ts";
import { limits } from "../protocol/limits.ts";
import { inflate } from "../transport/codec.ts";
import { createSlots } from "./admission.ts";
import type { Agent, AgentDirectory } from "./agents.ts";
import { judgeBatch, storedBody } from "./batch.ts";
import type { Heads } from "./heads.ts";
import { parseElements } from "./json_elements.ts";
import { createPacers } from "./pacer.ts";
import type { EncodedBody } from "./request_body.ts";
import type { SelfMetrics } from "./self_metrics.ts";
import type { LiveFeed } from "./services.ts";
import type { Store } from "./storage/store.ts";

/** What became of a batch. */
export type Ingested =
  | { readonly status: 202; readonly accepted: Accepted }
  /** None of its envelopes is valid. */
  | { readonly status: 422; readonly detail: string }
  | { readonly status: 503 | 507; readonly detail: string };

/** The way in for batches. */
export interface Ingest {
  /**
   * Takes in a batch of an agent; without a `batchId` it is stored however often it comes.
   *
   * @throws {BodyError} 400 or 413: what is wrong with the body.
   */
  take(agent: Agent, batchId: BatchId | undefined, body: EncodedBody): Promise<Ingested>;
  /** Id of the newest batch that the heads include. */
  readonly newestBatch: number;
}

/** Bodies that are inflated and judged at once, one of each agent. */
const concurrentBodies = 4;

/** Makes the way in. */
export function createIngest({ clock, store, agents, heads, live, selfMetrics }: {
  readonly clock: Clock;
  readonly store: Pick<Store, "append">;
  readonly agents: Pick<AgentDirectory, "byId" | "touch">;
  readonly heads: Pick<Heads, "apply">;
  readonly live: Pick<LiveFeed, "published">;
  readonly selfMetrics: SelfMetrics;
}): Ingest {
  const inSlot = createSlots(concurrentBodies);
  const beginWork = createPacers(clock);
  let newestBatch = 0;

  async function judge(agent: Agent, body: EncodedBody, receivedMs: number) {
    const pace = beginWork();
    const json = await inflate(body.bytes, body.encoding, limits.decompressedBytes);
    await pace();
    const elements = await parseElements(json, pace);
    const batch = await judgeBatch(elements, agent.hostname, receivedMs, pace);
    return { batch, stored: batch.envelopes.length === 0 ? body : await storedBody(body, batch) };
  }

  return {
    async take(agent, batchId, body) {
      const receivedMs = clock.now();
      const { batch, stored } = await inSlot(agent.id, () => judge(agent, body, receivedMs));
      const { envelopes, rejected } = batch;
      selfMetrics.increment("body_bytes", body.bytes.length);
      selfMetrics.increment("envelopes_rejected", rejected.length);
      if (envelopes.length === 0 && rejected.length > 0) {
        const [first] = rejected;
        return {
          status: 422,
          detail: `None of the ${rejected.length} envelopes is valid; the first: ${first?.reason}`,
        };
      }
      agents.touch(agent);
      if (envelopes.length === 0) {
        return { status: 202, accepted: { accepted: 0, duplicate: false, rejected } };
      }
      const appended = await store.append({
        agentId: agent.id,
        batchId,
        receivedMs,
        firstMs: batch.firstMs,
        lastMs: batch.lastMs,
        clockOffsetMs: batch.clockOffsetMs,
        encoding: stored.encoding,
        body: stored.bytes,
      });
      switch (appended.status) {
        case "stored":
          // No `await` from here on: batches reach the heads in the order of their ids, which `newestBatch` relies on.
          newestBatch = appended.id;
          if (agents.byId(agent.id) !== undefined) { // else it was removed meanwhile
            heads.apply(agent, envelopes);
            live.published(agent, envelopes);
          }
          selfMetrics.increment("batches_accepted");
          selfMetrics.increment("envelopes_accepted", envelopes.length);
          return { status: 202, accepted: { accepted: envelopes.length, duplicate: false, rejected } };
        case "duplicate":
          selfMetrics.increment("batches_duplicate");
          return { status: 202, accepted: { accepted: envelopes.length, duplicate: true, rejected } };
        case "full":
          return { status: 507, detail: "The server's disk is full: keep the batch and send it again later" };
        case "busy":
          return { status: 503, detail: "The server's disk does not keep up: send the batch again later" };
      }
    },
    get newestBatch() {
      return newestBatch;
    },
  };
}
