/** Commands in the general form: asking for one, and who asked for what. */
import * as z from "zod/mini";
import { commandRecordSchema, commandRequestSchema } from "../../protocol/command.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { answerCommandRequest, askQuery, findAgent, refuse } from "../commands/ask.ts";
import { problemResponse } from "../problem_response.ts";
import { readSmallJson } from "../request_body.ts";
import type { Route } from "../route.ts";

const bodyBytes = 64 * 1024;
const idPattern = /^[A-Za-z0-9_-]{22}$/;
const defaultLimit = 50;
const maxLimit = 500;

/** `POST` and `GET /api/v1/commands`, `GET /api/v1/commands/{id}`. */
export const commandRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/commands",
    policy: "admin",
    summary: "Ask a host to run a command",
    query: askQuery,
    body: commandRequestSchema,
    answers: {
      200: {
        description: "With wait: the command has ended, its status says how",
        schema: commandRecordSchema,
      },
      202: { description: "Queued; with wait: not ended yet", schema: commandRecordSchema },
      404: { description: "No such host" },
      409: { description: "The host is offline, or several have this name" },
      422: { description: "Something in the body is wrong; the detail names it" },
      503: { description: "Too many commands wait" },
    },
    async handler(context) {
      const { clock } = context.var.services;
      const body = z.safeParse(commandRequestSchema, await readSmallJson(context.req.raw, clock, bodyBytes));
      if (!body.success) return problemResponse(422, `${firstIssue(body.error)}.`);
      const { hostname, agent_id: agentId, type, args } = body.data;
      return answerCommandRequest(context, { hostname, agentId, type, args: args ?? {} }, false);
    },
  },
  {
    method: "GET",
    path: "/api/v1/commands",
    policy: "admin",
    summary: "Commands, the newest first, without their results",
    query: {
      hostname: "Only of this host.",
      agent_id: "Only of this host.",
      limit: `How many, ${defaultLimit} unless told, at most ${maxLimit}.`,
    },
    answers: {
      200: {
        description: "The commands",
        schema: z.object({ commands: z.array(z.omit(commandRecordSchema, { result: true })) }),
      },
      404: { description: "No such host" },
      409: { description: "Several hosts have this name" },
      422: { description: "limit is no number in its range" },
    },
    async handler(context) {
      const { agents, commands } = context.var.services;
      const { hostname, agent_id: agentId, limit = String(defaultLimit) } = context.req.query();
      if (!/^\d{1,9}$/.test(limit) || Number(limit) < 1 || Number(limit) > maxLimit) {
        return problemResponse(422, `limit: must be a number from 1 to ${maxLimit}.`);
      }
      if (hostname === undefined && agentId === undefined) {
        return context.json({ commands: await commands.list({ limit: Number(limit) }) });
      }
      const found = findAgent(agents, { hostname, agentId });
      if (!found.ok) return refuse(found);
      const list = await commands.list({ agentId: found.agent.id, limit: Number(limit) });
      return context.json({ commands: list });
    },
  },
  {
    method: "GET",
    path: "/api/v1/commands/:id",
    policy: "admin",
    summary: "One command with its result",
    answers: {
      200: { description: "The command", schema: commandRecordSchema },
      404: { description: "No such command" },
    },
    async handler(context) {
      const id = context.req.param("id") ?? "";
      const record = idPattern.test(id) ? await context.var.services.commands.get(id) : undefined;
      return record === undefined ? problemResponse(404, "There is no such command.") : context.json(record);
    },
  },
];
