/** The past of one host. */
import type { Context } from "hono";
import { timestampOf } from "../../lib/clock.ts";
import { seriesAnswerSchema } from "../../protocol/api.ts";
import { parseTime, resolveNames } from "../history/names.ts";
import { problemResponse } from "../problem_response.ts";
import type { Route, RouteEnvironment } from "../route.ts";

const defaultFrom = "-1h";
const timeForms = "RFC 3339, Unix milliseconds, or relative such as -15m";

async function readSeries(context: Context<RouteEnvironment>): Promise<Response> {
  const { agents, clock, history } = context.var.services;
  const agent = agents.byId(context.req.param("id") ?? "");
  if (agent === undefined) return problemResponse(404, "No host has this agent_id.");
  const { names: list, from = defaultFrom, to, raw = "false" } = context.req.query();
  const resolved = resolveNames(list);
  if (!resolved.ok) return problemResponse(422, `${resolved.detail}.`);
  const nowMs = clock.now();
  const fromMs = parseTime(from, nowMs);
  const toMs = to === undefined ? nowMs : parseTime(to, nowMs);
  if (fromMs === undefined) return problemResponse(422, `from: must be ${timeForms}.`);
  if (toMs === undefined) return problemResponse(422, `to: must be ${timeForms}.`);
  if (fromMs > toMs) return problemResponse(422, "from: must not be after to.");
  if (raw !== "true" && raw !== "false") return problemResponse(422, "raw: must be true or false.");
  const outcome = await history.readSeries({
    agentId: agent.id,
    names: resolved.names,
    fromMs,
    toMs,
    raw: raw === "true",
  });
  switch (outcome.status) {
    case "ok":
      return context.json({
        agent_id: agent.id,
        from: timestampOf(fromMs),
        to: timestampOf(toMs),
        series: outcome.series,
      });
    case "too-much":
      return problemResponse(422, "That is more than one answer holds: ask for fewer names or less time.");
    case "too-slow":
      return problemResponse(503, "Reading took too long: ask for less time.", { "Retry-After": "5" });
    case "busy":
      return problemResponse(503, "Too many questions wait: ask again later.", { "Retry-After": "5" });
  }
}

/** `GET /api/v1/hosts/{id}/series`. */
export const seriesRoutes: readonly Route[] = [{
  method: "GET",
  path: "/api/v1/hosts/:id/series",
  policy: "admin",
  summary: "Series of one host; counters come as per-second rates",
  query: {
    names: "Series names, comma-separated; one that ends with * stands for all that start so (cpu.*).",
    from: `Begin: ${timeForms}. ${defaultFrom} unless told.`,
    to: "End, in the same forms. Now unless told.",
    raw: "true: leave counters as they are.",
  },
  answers: {
    200: { description: "The series, by name and labels", schema: seriesAnswerSchema },
    404: { description: "No such host" },
    422: { description: "A parameter is wrong, or too much was asked for; the detail says which" },
    503: { description: "Busy, or too slow: the detail says which" },
  },
  handler: readSeries,
}];
