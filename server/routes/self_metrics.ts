/** The server about itself, for Prometheus. */
import type { Route } from "../route.ts";

/** `GET /metrics`. Admin: set `authorization.credentials_file` to the file `admin-token` in the scrape configuration. */
export const selfMetricsRoutes: readonly Route[] = [{
  method: "GET",
  path: "/metrics",
  policy: "admin",
  summary: "Prometheus text about the server itself; scrape it with the admin token as bearer token",
  answers: { 200: { description: "Prometheus text format 0.0.4" } },
  handler(context) {
    const { agents, bodies, clock, commands, live, selfMetrics, startedAtMs } = context.var.services;
    const memory = Deno.memoryUsage();
    const gauges = [
      { name: "agents", help: "Agents known.", value: [...agents.all()].length },
      { name: "open_polls", help: "Agents that wait for a command.", value: commands.openPolls },
      { name: "live_subscribers", help: "Browsers that listen to the live feed.", value: live.subscribers },
      { name: "bodies_bytes", help: "Bytes of bodies being received.", value: bodies.usedBytes },
      {
        name: "uptime_seconds",
        help: "Time since the server started.",
        value: (clock.monotonicMs() - startedAtMs) / 1000,
      },
      { name: "resident_memory_bytes", help: "Resident memory.", value: memory.rss },
      { name: "heap_used_bytes", help: "JavaScript heap in use.", value: memory.heapUsed },
    ];
    return context.text(selfMetrics.render(gauges), 200, {
      "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
    });
  },
}];
