/**
 * Enrolment. A new agent brings the enrolment token and gets an identity and a key. A known one brings its key and keeps its
 * identity. Nobody gets the identity of an existing agent without its key, whatever machine he says he is: a machine that
 * lost its key is a new agent.
 */
import type { Context } from "hono";
import * as z from "zod/mini";
import { timestampOf } from "../../lib/clock.ts";
import { logger } from "../../lib/log.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { hostInfoSchema, type Registered, registeredSchema } from "../../protocol/host_info.ts";
import { limits } from "../../protocol/limits.ts";
import type { Agent, AgentInfo } from "../agents.ts";
import { bearerToken, isPlainHostname } from "../auth/policy.ts";
import { anonymousAgent } from "../host_removal.ts";
import { problemResponse } from "../problem_response.ts";
import { jsonOf } from "../request_body.ts";
import type { Route, RouteEnvironment } from "../route.ts";

const log = logger("server", "register");

// Who sends is known only after the body, so all that register are counted together.
const sender = { sender: "register", atOnce: 64, limitBytes: 256 * 1024 };
const decompressedBytes = 1024 * 1024;

async function register(context: Context<RouteEnvironment>): Promise<Response> {
  const { agents, bodies, options, selfMetrics, tokens } = context.var.services;
  const parsed = z.safeParse(
    hostInfoSchema,
    await bodies.receive(context.req.raw, sender, (body) => jsonOf(body, decompressedBytes)),
  );
  if (!parsed.success) return problemResponse(422, `Host information: ${firstIssue(parsed.error)}.`);
  const { enrollment_token: token, ...info } = parsed.data;
  if (!isPlainHostname(info.hostname)) {
    return problemResponse(422, "Host information: hostname: must have no control characters.");
  }
  const refuse = (detail: string) => {
    selfMetrics.increment("authentication_failures");
    return problemResponse(401, detail, { "WWW-Authenticate": "Bearer" });
  };

  const key = bearerToken(context);
  const known = key === undefined ? undefined : agents.byKey(key);
  if (known !== undefined) {
    if (info.agent_id !== undefined && info.agent_id !== known.id) {
      return problemResponse(403, "Host information: agent_id: is not the agent that this key belongs to.");
    }
    await agents.update(known, info);
    return welcome(context, known, undefined);
  }
  if (token !== undefined) {
    if (!tokens.isEnrollmentToken(token)) {
      return refuse(
        "The enrolment token is wrong: it is in the file enrollment-token that the server wrote.",
      );
    }
    const registered = await agents.register(info);
    if (registered === undefined) return problemResponse(503, "No more agents can be registered here.");
    const { agent } = registered;
    log.info("Agent {id} registered for host {hostname}", { id: agent.id, hostname: agent.hostname });
    return welcome(context, agent, registered.key);
  }
  if (key !== undefined) return refuse("The agent key is not known here: register with the enrolment token.");
  if (!options.allowAnonymousAgents) return refuse("enrollment_token: is needed to register.");
  return await registerAnonymous(context, info);
}

async function registerAnonymous(context: Context<RouteEnvironment>, info: AgentInfo): Promise<Response> {
  const { agents, selfMetrics } = context.var.services;
  const agent = await anonymousAgent(context.var.services, info.hostname);
  if (agent === "taken" || agent === "full") {
    selfMetrics.increment("authentication_failures");
    const detail = agent === "taken"
      ? "This hostname belongs to a registered agent."
      : "No more anonymous agents are served: register this one with the enrolment token.";
    return problemResponse(403, detail);
  }
  await agents.update(agent, info);
  return welcome(context, agent, undefined);
}

function welcome(context: Context<RouteEnvironment>, agent: Agent, key: string | undefined): Response {
  const { agents, clock, live } = context.var.services;
  agents.touch(agent);
  live.hostChanged(agent);
  const answer: Registered = {
    agent_id: agent.id,
    ...(key === undefined ? {} : { agent_key: key }),
    tenant: agent.tenant,
    server_time: timestampOf(clock.now()),
    config: {
      limits: {
        compressed_bytes: limits.compressedBytes,
        decompressed_bytes: limits.decompressedBytes,
        envelopes: limits.envelopes,
        json_depth: limits.jsonDepth,
      },
    },
  };
  return context.json(answer);
}

function registerRoute(path: string): Route {
  return {
    method: "POST",
    path,
    policy: "enroll",
    summary:
      "Register an agent: with enrollment_token in the body, or again with the agent's key as bearer token",
    body: hostInfoSchema,
    answers: {
      200: { description: "Registered; agent_key comes once, with a new identity", schema: registeredSchema },
      400: { description: "The body is malformed" },
      401: { description: "The token is wrong, or the key is unknown" },
      403: { description: "The agent_id or the hostname is another agent's" },
      413: { description: "The body is too long" },
      422: { description: "A field is wrong; the detail names it" },
      429: { description: "Too many register at once: again later" },
      503: { description: "There are too many agents, or too much is being received" },
    },
    handler: register,
  };
}

/** `POST /api/v1/agent/register`, and the same in the REST form. */
export const registerRoutes: readonly Route[] = [
  registerRoute("/api/v1/agent/register"),
  registerRoute("/api/v1/agents/register"),
];
