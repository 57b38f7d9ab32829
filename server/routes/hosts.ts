/** Hosts: all of them, and one with everything newest. */
import { timestampOf } from "../../lib/clock.ts";
import { hostDetailSchema, hostListSchema } from "../../protocol/api.ts";
import { logger } from "../../lib/log.ts";
import { problemResponse } from "../problem_response.ts";
import { removeHost } from "../host_removal.ts";
import type { Route } from "../route.ts";

const log = logger("server", "hosts");

const byHostname = new Intl.Collator("en", { numeric: true });

/** `GET /api/v1/hosts`, `GET` and `DELETE /api/v1/hosts/{id}`. */
export const hostRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/hosts",
    policy: "admin",
    summary: "All hosts, by name, with the figures that a list shows",
    answers: { 200: { description: "The hosts", schema: hostListSchema } },
    handler(context) {
      const { agents, clock, heads } = context.var.services;
      const hosts = [...agents.all()].map((agent) => heads.summary(agent))
        .sort((one, other) => byHostname.compare(one.hostname, other.hostname));
      return context.json({ server_time: timestampOf(clock.now()), hosts });
    },
  },
  {
    method: "GET",
    path: "/api/v1/hosts/:id",
    policy: "admin",
    summary: "One host, with the newest envelope of each type",
    answers: {
      200: { description: "The host", schema: hostDetailSchema },
      404: { description: "No such host" },
    },
    handler(context) {
      const { agents, heads } = context.var.services;
      const agent = agents.byId(context.req.param("id") ?? "");
      if (agent === undefined) return problemResponse(404, "No host has this agent_id.");
      return context.json({ ...heads.summary(agent), latest: heads.latest(agent) });
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/hosts/:id",
    policy: "admin",
    summary:
      "Remove a host and its key; an agent that still runs comes back as a new host if it has the enrolment token",
    answers: { 204: { description: "Removed" }, 404: { description: "No such host" } },
    async handler(context) {
      const { agents } = context.var.services;
      const agent = agents.byId(context.req.param("id") ?? "");
      if (agent === undefined) return problemResponse(404, "No host has this agent_id.");
      await removeHost(context.var.services, agent);
      log.info("{principal} removed host {hostname} (agent {id})", {
        principal: context.var.principal,
        hostname: agent.hostname,
        id: agent.id,
      });
      return context.body(null, 204);
    },
  },
];
