/** Batches of envelopes. */
import type { Context } from "hono";
import * as z from "zod/mini";
import { acceptedSchema, type BatchId, parseBatchId } from "../../protocol/batch.ts";
import { limits } from "../../protocol/limits.ts";
import { BodyError } from "../../transport/codec.ts";
import type { Ingested } from "../ingest.ts";
import { problemResponse } from "../problem_response.ts";
import type { Route, RouteEnvironment } from "../route.ts";

/** Batches of one agent that are received and judged at once. */
const batchesAtOnce = 2;

async function takeBatch(context: Context<RouteEnvironment>): Promise<Response> {
  const { bodies, clock, ingest, store } = context.var.services;
  const { agent } = context.var;
  const header = context.req.header("Spectra-Batch");
  let batchId: BatchId | undefined;
  if (header !== undefined) {
    batchId = parseBatchId(header);
    if (batchId === undefined) {
      return problemResponse(400, "Spectra-Batch: must be <epoch>/<sequence>, the sequence from 1.");
    }
  }
  const sender = { sender: agent.id, atOnce: batchesAtOnce, limitBytes: limits.compressedBytes };
  // Its agent gives up a batch that can never be taken: its number must not stay open below the later ones.
  const markRefused = async () => {
    if (batchId === undefined) return;
    await store.run("markRefused", { agentId: agent.id, batchId, receivedMs: clock.now() });
  };
  let outcome: Ingested;
  try {
    outcome = await bodies.receive(context.req.raw, sender, (body) => ingest.take(agent, batchId, body));
  } catch (error) {
    if (error instanceof BodyError) await markRefused();
    throw error;
  }
  if (outcome.status === 422) await markRefused();
  if (outcome.status === 202) return context.json(outcome.accepted, 202);
  return problemResponse(outcome.status, `${outcome.detail}.`, retryAfter(outcome.status));
}

function retryAfter(status: 422 | 503 | 507): Record<string, string> {
  return status === 422 ? {} : { "Retry-After": status === 503 ? "5" : "60" };
}

function metricsRoute(path: string): Route {
  return {
    method: "POST",
    path,
    policy: "agent",
    makesAgents: true,
    summary: "Send a batch of envelopes; the answer comes when it is on disk. The header Spectra-Batch: " +
      "<epoch>/<sequence> makes sending it again harmless",
    query: { hostname: "The agent's host." },
    body: z.array(z.unknown()),
    answers: {
      202: {
        description: "On disk: what was taken and what was not, element by element",
        schema: acceptedSchema,
      },
      400: { description: "The body is malformed: the same bytes will never be taken" },
      401: { description: "The key is unknown" },
      403: { description: "The hostname is not this agent's" },
      408: { description: "The body took too long" },
      413: { description: "The batch is too large: send it in parts" },
      415: { description: "The content coding is unknown" },
      422: { description: "No envelope of the batch is valid" },
      429: { description: "Other batches of this agent are being received: send it after them" },
      503: { description: "The server is busy: send it again later" },
      507: { description: "The server's disk is full: send it again later" },
    },
    handler: takeBatch,
  };
}

/** `POST /api/v1/metrics`, and the same by agent id. */
export const metricsRoutes: readonly Route[] = [
  metricsRoute("/api/v1/metrics"),
  metricsRoute("/api/v1/agents/:agent_id/metrics"),
];
