/** Heartbeats: an agent that neither sends nor polls says that it is alive. */
import { timestampOf } from "../../lib/clock.ts";
import { heartbeatAnswerSchema } from "../../protocol/host_info.ts";
import type { Route } from "../route.ts";

function heartbeatRoute(path: string): Route {
  return {
    method: "POST",
    path,
    policy: "agent",
    summary: "Say that the agent is alive; a body is not looked at",
    query: { hostname: "The agent's host." },
    answers: {
      200: { description: "Noted", schema: heartbeatAnswerSchema },
      401: { description: "The key is unknown" },
      403: { description: "The hostname is not this agent's" },
      404: { description: "No anonymous host has this name" },
    },
    handler(context) {
      const { agents, clock, live } = context.var.services;
      agents.touch(context.var.agent);
      live.hostChanged(context.var.agent);
      return context.json({ server_time: timestampOf(clock.now()) });
    },
  };
}

/** `POST /api/v1/agent/heartbeat`, and the same by agent id. */
export const heartbeatRoutes: readonly Route[] = [
  heartbeatRoute("/api/v1/agent/heartbeat"),
  heartbeatRoute("/api/v1/agents/:agent_id/heartbeat"),
];
