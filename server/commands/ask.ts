/** Asking for a command: finding the host, checking the arguments, queueing, and the answer to who asked. */
import type { Context } from "hono";
import * as z from "zod/mini";
import { sanitise } from "../../lib/text.ts";
import { commandSchemas, type CommandType, isCommandType } from "../../protocol/command.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { limits } from "../../protocol/limits.ts";
import type { ProblemStatus } from "../../protocol/problem.ts";
import type { Agent, AgentDirectory } from "../agents.ts";
import { problemResponse } from "../problem_response.ts";
import type { RouteEnvironment } from "../route.ts";

/** Why something can't be done, as HTTP says it. */
export interface Refusal {
  readonly ok: false;
  readonly status: ProblemStatus;
  readonly detail: string;
}

/** Which host is meant. */
export interface HostReference {
  readonly agentId?: string | undefined;
  readonly hostname?: string | undefined;
}

/** What is asked for, not yet checked. */
export interface CommandRequest extends HostReference {
  readonly type: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What every way of asking takes in its query. */
export const askQuery = {
  wait: `Answer with the finished command, after at most this many seconds (0 to ${limits.pollSeconds}).`,
  queue: "true: when the host is offline the command waits for it, for a day.",
} as const;

/** How many entries a disk scan lists unless it is told. */
const defaultTopN = 20;

/** The one agent that is meant: 404 when there is none, 409 when a hostname is carried by several. */
export function findAgent(
  agents: AgentDirectory,
  host: HostReference,
): { readonly ok: true; readonly agent: Agent } | Refusal {
  if (host.agentId !== undefined) {
    const agent = agents.byId(host.agentId);
    return agent === undefined
      ? { ok: false, status: 404, detail: "No host has this agent_id." }
      : { ok: true, agent };
  }
  if (host.hostname === undefined || host.hostname === "") {
    return { ok: false, status: 422, detail: "hostname or agent_id is needed: it says which host is meant." };
  }
  const found = agents.byHostname(host.hostname);
  const [agent] = found;
  if (agent === undefined) return { ok: false, status: 404, detail: "No host has this hostname." };
  if (found.length === 1) return { ok: true, agent };
  const ids = found.map(({ id }) => id).join(", ");
  const detail = `${found.length} hosts have this hostname: name one by agent_id, of ${ids}.`;
  return { ok: false, status: 409, detail };
}

/** Queues what the request asks for and answers: 202, or with `wait` 200 and the finished record. */
export async function answerCommandRequest(
  context: Context<RouteEnvironment>,
  request: CommandRequest,
  textAnswer: boolean,
): Promise<Response> {
  const { agents, commands } = context.var.services;
  const settings = readSettings(context);
  if (!settings.ok) return refuse(settings);
  const found = findAgent(agents, request);
  if (!found.ok) return refuse(found);
  const checked = checkArguments(request.type, request.args);
  if (!checked.ok) return refuse(checked);
  const queued = await commands.enqueue({
    agent: found.agent,
    type: checked.type,
    args: checked.args,
    askedBy: context.var.principal,
    evenOffline: settings.queue,
  });
  if (!queued.ok) return refuse(queued);
  const { record } = queued;
  if (settings.waitSeconds !== undefined) {
    const later = await commands.waitFor(record.id, settings.waitSeconds, context.req.raw.signal) ?? record;
    return context.json(later, later.finished_at === undefined ? 202 : 200);
  }
  if (!textAnswer || acceptsJson(context)) return context.json(record, 202);
  const hostname = sanitise(record.hostname, 255);
  return context.text(`Queued ${record.type} for ${hostname}: command ${record.id}\n`, 202);
}

/** Answers with a refusal. */
export function refuse({ status, detail }: Refusal): Response {
  return problemResponse(status, detail, status === 503 ? { "Retry-After": "10" } : {});
}

function acceptsJson(context: Context<RouteEnvironment>): boolean {
  return (context.req.header("Accept") ?? "").includes("application/json");
}

function readSettings(
  context: Context<RouteEnvironment>,
): { readonly ok: true; readonly waitSeconds: number | undefined; readonly queue: boolean } | Refusal {
  const wait = context.req.query("wait");
  if (wait !== undefined && !/^\d{1,9}$/.test(wait)) {
    return {
      ok: false,
      status: 422,
      detail: `wait: must be a number of seconds from 0 to ${limits.pollSeconds}.`,
    };
  }
  const queue = context.req.query("queue") ?? "false";
  if (queue !== "true" && queue !== "false") {
    return { ok: false, status: 422, detail: "queue: must be true or false." };
  }
  return {
    ok: true,
    waitSeconds: wait === undefined ? undefined : Math.min(Number(wait), limits.pollSeconds),
    queue: queue === "true",
  };
}

function checkArguments(
  type: string,
  args: Readonly<Record<string, unknown>>,
): { readonly ok: true; readonly type: CommandType; readonly args: Record<string, unknown> } | Refusal {
  const askable = Object.keys(commandSchemas).filter((known) => known !== "WATCH"); // only an open host page watches
  if (!isCommandType(type) || !askable.includes(type)) {
    return { ok: false, status: 422, detail: `type: must be one of ${askable.join(", ")}.` };
  }
  const given = type === "DISK_USAGE" ? { top_n: defaultTopN, ...args } : args;
  const parsed = z.safeParse<z.core.$ZodType<Record<string, unknown>>>(commandSchemas[type].args, given);
  if (!parsed.success) return { ok: false, status: 422, detail: `${firstIssue(parsed.error)}.` };
  if (type === "NETWORK_DIAG" && parsed.data["action"] !== "netstat" && !parsed.data["target"]) {
    return { ok: false, status: 422, detail: `target: is needed for action ${parsed.data["action"]}.` };
  }
  return { ok: true, type, args: parsed.data };
}
