/** Health, for supervisors and balancers. */
import { problemResponse } from "../problem_response.ts";
import type { Route } from "../route.ts";

/** `GET /healthz` and `GET /readyz`. */
export const healthRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/healthz",
    policy: "public",
    summary: "The process is alive",
    answers: { 200: { description: "Alive" } },
    handler: (context) => context.text("ok\n"),
  },
  {
    method: "GET",
    path: "/readyz",
    policy: "public",
    summary: "The server serves: its databases answer",
    answers: { 200: { description: "Ready" }, 503: { description: "Not ready" } },
    async handler(context) {
      if (!await context.var.services.isReady()) {
        return problemResponse(503, "The databases do not answer: see the log, restart the server.");
      }
      return context.text("ok\n");
    },
  },
];
