/**
 * The HTTP application: every route of the list behind its policy, every error as a problem, and the headers that keep
 * browsers safe on every answer.
 */
import { type Context, Hono } from "hono";
import { logger } from "../lib/log.ts";
import { BodyError } from "../transport/codec.ts";
import { policyChecks } from "./auth/policy.ts";
import { problemResponse } from "./problem_response.ts";
import { BodyCutOffError, BodyRefusedError, BodyTimeoutError } from "./request_body.ts";
import type { Route, RouteEnvironment } from "./route.ts";
import type { Services } from "./services.ts";

const log = logger("server", "http");

// Scripts and styles come from this server's own files only, and no other page may embed it.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const securityHeaders = [
  ["Content-Security-Policy", contentSecurityPolicy],
  ["X-Content-Type-Options", "nosniff"],
  ["X-Frame-Options", "DENY"],
  ["Referrer-Policy", "no-referrer"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
] as const;

/** The HTTP application. */
export type App = Hono<RouteEnvironment>;

/**
 * Builds the application.
 *
 * @throws When a route has no policy.
 */
export function createApp(services: Services, routes: readonly Route[]): App {
  const app: App = new Hono();
  app.use(async (context, next) => {
    context.set("services", services);
    await next();
    finish(context, services);
  });
  const methods = new Map<string, Set<string>>();
  for (const route of routes) {
    const check = Object.hasOwn(policyChecks, route.policy) ? policyChecks[route.policy] : undefined;
    if (check === undefined) throw new Error(`Route ${route.method} ${route.path} has no policy`);
    const allowed = methods.get(route.path) ?? new Set();
    methods.set(route.path, allowed.add(route.method));
    const answersHead = route.method === "GET" && route.policy === "public";
    if (answersHead) allowed.add("HEAD");
    app.on(route.method, route.path, async (context) => {
      // Hono runs the handler of GET for HEAD and throws its body away: a poll would lose a command, a feed never end.
      if (context.req.method === "HEAD" && !answersHead) return notAllowed(allowed);
      return await check(context, route) ?? await route.handler(context);
    });
  }
  for (const [path, allowed] of methods) app.all(path, () => notAllowed(allowed));
  app.notFound(() => problemResponse(404, "There is nothing at this address."));
  app.onError((error, context) => answerTo(error, context));
  return app;
}

function notAllowed(allowed: ReadonlySet<string>): Response {
  const allow = [...allowed].join(", ");
  return problemResponse(405, `This address answers ${allow} only.`, { Allow: allow });
}

function finish(context: Context<RouteEnvironment>, services: Services): void {
  services.selfMetrics.increment("requests");
  if (context.res.status >= 500) services.selfMetrics.increment("request_errors");
  for (const [name, value] of securityHeaders) context.res.headers.set(name, value);
  if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
}

function answerTo(error: Error, context: Context<RouteEnvironment>): Response {
  // What is left of a body that was refused is not read: the connection can't be used again.
  const close = { Connection: "close" };
  if (error instanceof BodyError) return problemResponse(error.status, `${error.message}.`, close);
  if (error instanceof BodyTimeoutError) return problemResponse(408, `${error.message}.`, close);
  if (error instanceof BodyRefusedError) {
    const retryAfter = { "Retry-After": String(error.retryAfterSeconds) };
    return problemResponse(error.status, `${error.message}.`, { ...close, ...retryAfter });
  }
  if (error instanceof BodyCutOffError) {
    log.debug("{method} {path}: {error}", { method: context.req.method, path: context.req.path, error });
    return problemResponse(400, `${error.message}.`, close);
  }
  log.error("{method} {path} failed: {error}", {
    method: context.req.method,
    path: context.req.path,
    error,
  });
  return problemResponse(500, "The server failed on this request; its log says why.");
}
