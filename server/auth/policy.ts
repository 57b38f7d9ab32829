/**
 * Who may call a route: the check that runs before every handler.
 *
 * It answers with a problem, or with nothing after it has put the caller on the context.
 */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { sanitise } from "../../lib/text.ts";
import { hostnameMismatch } from "../../protocol/problem.ts";
import type { Agent } from "../agents.ts";
import { anonymousAgent } from "../host_removal.ts";
import { problemResponse } from "../problem_response.ts";
import type { Policy, Route, RouteEnvironment } from "../route.ts";

type Check = (context: Context<RouteEnvironment>, route: Route) => Promise<Response | undefined>;

/** The check of each policy. `enroll` is open here: its only route, register, looks at the token in the body. */
export const policyChecks: Readonly<Record<Policy, Check>> = {
  public: () => Promise.resolve(undefined),
  enroll: () => Promise.resolve(undefined),
  agent: checkAgent,
  admin: checkAdmin,
};

const bearerPattern = /^Bearer ([\x21-\x7e]{1,512})$/i;

/** The token of an `Authorization: Bearer` header; `undefined` when there is no such header or it is malformed. */
export function bearerToken(context: Context): string | undefined {
  return bearerPattern.exec(context.req.header("Authorization") ?? "")?.[1];
}

/** True for a name that can be shown and stored as it is: no controls, no marks that reorder text. */
export function isPlainHostname(hostname: string): boolean {
  return hostname.length > 0 && hostname.length <= 255 && sanitise(hostname, 255) === hostname;
}

function refuse(context: Context<RouteEnvironment>, status: 401 | 403, detail: string): Response {
  context.var.services.selfMetrics.increment("authentication_failures");
  return problemResponse(status, detail, status === 401 ? { "WWW-Authenticate": "Bearer" } : {});
}

async function checkAgent(
  context: Context<RouteEnvironment>,
  { makesAgents }: Route,
): Promise<Response | undefined> {
  const { agents, options } = context.var.services;
  const hostname = context.req.query("hostname");
  const key = bearerToken(context);
  let agent: Agent | undefined;
  if (key !== undefined) {
    agent = agents.byKey(key);
    if (agent === undefined) {
      return refuse(
        context,
        401,
        "The agent key is not known here: register again with the enrolment token.",
      );
    }
  } else if (!options.allowAnonymousAgents || context.req.header("Authorization") !== undefined) {
    return refuse(context, 401, "An agent key is needed, as Authorization: Bearer <key>.");
  } else {
    if (hostname === undefined || !isPlainHostname(hostname)) {
      return problemResponse(400, "hostname: an agent without a key must name its host in the query.");
    }
    const found = makesAgents
      ? await anonymousAgent(context.var.services, hostname)
      : agents.knownAnonymous(hostname);
    if (found === undefined) {
      return problemResponse(404, "This host is not known here: register it, or send a batch first.");
    }
    if (found === "taken") return refuse(context, 403, "This hostname belongs to a registered agent.");
    if (found === "full") {
      return refuse(context, 403, "No more anonymous agents are served: register this one.");
    }
    agent = found;
  }
  if (hostname !== undefined && hostname !== agent.hostname) {
    return refuse(context, 403, hostnameMismatch);
  }
  const agentId = context.req.param("agent_id");
  if (agentId !== undefined && agentId !== agent.id) {
    return refuse(context, 403, "agent_id: is not the agent that this key belongs to.");
  }
  context.set("agent", agent);
  return undefined;
}

async function checkAdmin(context: Context<RouteEnvironment>): Promise<Response | undefined> {
  const { sessions, tokens } = context.var.services;
  const token = bearerToken(context);
  if (token !== undefined) {
    if (!tokens.isAdminToken(token)) return refuse(context, 401, "The admin token is wrong.");
    context.set("principal", "admin");
    return undefined;
  }
  const secret = getCookie(context, sessions.cookieName);
  const principal = secret === undefined ? undefined : await sessions.principalOf(secret);
  if (principal === undefined) {
    return refuse(context, 401, "Sign in, or send the admin token as Authorization: Bearer <token>.");
  }
  if (context.req.method !== "GET" && context.req.method !== "HEAD" && !isSameOrigin(context)) {
    return refuse(context, 403, "A session can change something only from this server's own pages.");
  }
  context.set("principal", principal);
  context.set("session", secret);
  return undefined;
}

// A browser says where a request comes from; other sites can neither leave that out nor change it. The scheme is not
// compared: behind a proxy that ends TLS this server sees http where the browser sees https.
function isSameOrigin(context: Context): boolean {
  const site = context.req.header("Sec-Fetch-Site");
  if (site !== undefined) return site === "same-origin";
  const origin = context.req.header("Origin");
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === context.req.header("Host");
}
