/** Every route there is: the only list. A route is served, documented and checked because it stands here. */
import type { Route } from "../route.ts";
import { pollRoutes } from "./command_poll.ts";
import { commandRoutes } from "./commands.ts";
import { healthRoutes } from "./health.ts";
import { heartbeatRoutes } from "./heartbeat.ts";
import { hostRoutes } from "./hosts.ts";
import { liveRoutes } from "./live.ts";
import { metricsRoutes } from "./metrics.ts";
import { documentRoutes } from "./openapi.ts";
import { registerRoutes } from "./register.ts";
import { selfMetricsRoutes } from "./self_metrics.ts";
import { seriesRoutes } from "./series.ts";
import { sessionRoutes } from "./session.ts";
import { staticRoutes } from "./static.ts";
import { triggerRoutes } from "./triggers.ts";

const apiRoutes: readonly Route[] = [
  ...registerRoutes,
  ...metricsRoutes,
  ...heartbeatRoutes,
  ...pollRoutes,
  ...triggerRoutes,
  ...commandRoutes,
  ...hostRoutes,
  ...seriesRoutes,
  ...liveRoutes,
  ...sessionRoutes,
  ...healthRoutes,
  ...selfMetricsRoutes,
];

/** Every route. */
export const routes: readonly Route[] = [...apiRoutes, ...documentRoutes(apiRoutes), ...staticRoutes];
