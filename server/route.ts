/**
 * What a route is. `server/routes/mod.ts` lists them all; the app, the OpenAPI document and the policy test read that list.
 */
import type { Context } from "hono";
import type * as z from "zod/mini";
import type { Agent } from "./agents.ts";
import type { Services } from "./services.ts";

/**
 * Who may call a route.
 *
 * - `public`: anybody (health, static files, sign-in)
 * - `enroll`: a request that carries the enrolment token or an agent's key in the way that register defines
 * - `agent`: an agent with its key, or an anonymous v1 agent where those are allowed
 * - `admin`: the admin token, or a session that was made with it
 */
export type Policy = "public" | "enroll" | "agent" | "admin";

/** What the app puts on a request's context before a handler runs. */
export interface RouteEnvironment {
  Variables: {
    services: Services;
    /** On routes with policy `agent`: who calls. */
    agent: Agent;
    /** On routes with policy `admin`: who calls, for the record. */
    principal: string;
    /** The secret of the session that this is, unless the admin token was sent. */
    session: string | undefined;
  };
}

/** One route. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Hono path, e.g. `/api/v1/hosts/:id`. */
  readonly path: string;
  readonly policy: Policy;
  /** On routes with policy `agent`: an anonymous agent that is not known is made here. */
  readonly makesAgents?: true;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  /** Query parameters: name → description. */
  readonly query?: Readonly<Record<string, string>>;
  /** Schema of the request body. */
  readonly body?: z.core.$ZodType;
  /** Answers: status → what it means, with the schema of a JSON body. */
  readonly answers: Readonly<
    Record<number, { readonly description: string; readonly schema?: z.core.$ZodType }>
  >;
  handler(context: Context<RouteEnvironment>): Response | Promise<Response>;
}
