/** The agent's side of commands: fetching by long-poll, answering. */
import type { Context } from "hono";
import * as z from "zod/mini";
import { type Command, commandResultSchema, commandSchema } from "../../protocol/command.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { limits } from "../../protocol/limits.ts";
import { problemResponse } from "../problem_response.ts";
import { declaredBytes, jsonOf } from "../request_body.ts";
import type { Route, RouteEnvironment } from "../route.ts";

const defaultWaitSeconds = 30;
/** Results of one agent that are received at once. */
const resultsAtOnce = 2;
/** A result of this size is read even when none is expected, to say what became of its command. */
const smallResultBytes = 64 * 1024;

async function poll(context: Context<RouteEnvironment>): Promise<Response> {
  const { agents, commands } = context.var.services;
  const { agent } = context.var;
  const wait = context.req.query("wait") ?? String(defaultWaitSeconds);
  if (!/^\d{1,9}$/.test(wait)) {
    return problemResponse(400, `wait: must be a number of seconds from 0 to ${limits.pollSeconds}.`);
  }
  if (!commands.hasRoomFor(agent)) {
    return problemResponse(503, "Too many agents wait for commands: poll again later.", {
      "Retry-After": "30",
    });
  }
  agents.touch(agent);
  const waitSeconds = Math.min(Number(wait), limits.pollSeconds);
  const { signal } = context.req.raw;
  const next = await commands.next(agent, waitSeconds, signal);
  if (!signal.aborted) agents.touch(agent); // it held on until now
  if (next === undefined) return context.body(null, 204);
  const command: Command = {
    id: next.id,
    type: next.type,
    payload: new TextEncoder().encode(JSON.stringify(next.args)).toBase64(),
    args: { ...next.args },
    expires_at: next.expiresAt,
  };
  return context.json(command);
}

async function takeResult(context: Context<RouteEnvironment>): Promise<Response> {
  const { agents, bodies, commands } = context.var.services;
  const { agent } = context.var;
  const request = context.req.raw;
  agents.touch(agent);
  const limitBytes = limits.compressedBytes;
  if (!commands.expectsResult(agent) && declaredBytes(request, limitBytes) > smallResultBytes) {
    return problemResponse(409, "No command waits for a result of this agent.", { Connection: "close" });
  }
  const sender = { sender: `results of ${agent.id}`, atOnce: resultsAtOnce, limitBytes };
  const result = z.safeParse(
    commandResultSchema,
    await bodies.receive(request, sender, (body) => jsonOf(body, limits.resultBytes)),
  );
  if (!result.success) return problemResponse(422, `Result: ${firstIssue(result.error)}.`);
  const taken = await commands.finish(agent, result.data);
  return taken.ok ? context.json({}) : problemResponse(409, taken.detail);
}

function pollRoute(path: string): Route {
  return {
    method: "GET",
    path,
    policy: "agent",
    summary: "Wait for the next command; the open poll is the agent's heartbeat",
    query: {
      hostname: "The agent's host.",
      wait: `Seconds to wait, at most ${limits.pollSeconds}; ${defaultWaitSeconds} unless told.`,
    },
    answers: {
      200: { description: "A command, leased to this poll", schema: commandSchema },
      204: { description: "None came" },
      400: { description: "wait is no number of seconds" },
      404: { description: "No anonymous host has this name" },
      503: { description: "Too many agents poll" },
    },
    handler: poll,
  };
}

function resultRoute(path: string): Route {
  return {
    method: "POST",
    path,
    policy: "agent",
    summary: "Answer a command",
    query: { hostname: "The agent's host." },
    body: commandResultSchema,
    answers: {
      200: { description: "Taken", schema: z.object({}) },
      400: { description: "The body is no JSON" },
      404: { description: "No anonymous host has this name" },
      409: { description: "Not taken: not this agent's, not fetched, ended, or another type" },
      413: { description: "The body is too long" },
      422: { description: "The body is no result" },
      429: { description: "Other results of this agent are being received: send it after them" },
      503: { description: "Too much is being received: send it again later" },
    },
    handler: takeResult,
  };
}

/** Long-poll and results, as v1 agents call them and by agent id. */
export const pollRoutes: readonly Route[] = [
  pollRoute("/api/v1/agent/command"),
  pollRoute("/api/v1/agents/:agent_id/commands"),
  resultRoute("/api/v1/agent/command_result"),
  resultRoute("/api/v1/agents/:agent_id/command_result"),
];
