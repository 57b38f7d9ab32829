/** Signing a browser in and out. */
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Context } from "hono";
import * as z from "zod/mini";
import { version } from "../../lib/version.ts";
import { sessionSchema, signInSchema } from "../../protocol/api.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { sessionLimits } from "../auth/sessions.ts";
import { problemResponse } from "../problem_response.ts";
import { readSmallJson } from "../request_body.ts";
import type { Route, RouteEnvironment } from "../route.ts";

const bodyBytes = 4096;

// Strict: no other site can make the browser send it. `Secure` where the browser came by HTTPS, here or at a proxy.
function cookieOptions(context: Context<RouteEnvironment>) {
  const isHttps = new URL(context.req.url).protocol === "https:" ||
    context.req.header("X-Forwarded-Proto") === "https";
  return { httpOnly: true, sameSite: "Strict", path: "/", secure: isHttps } as const;
}

/** `POST`, `GET` and `DELETE /api/v1/session`. */
export const sessionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/session",
    policy: "public",
    summary: "Sign in with the one-time code that the server printed, or with the admin token",
    body: signInSchema,
    answers: {
      204: { description: "Signed in; the cookie is set" },
      401: { description: "The code was used or has ended, or the token is wrong" },
      422: { description: "Not exactly one of code and token" },
    },
    async handler(context) {
      const { clock, sessions } = context.var.services;
      const body = z.safeParse(signInSchema, await readSmallJson(context.req.raw, clock, bodyBytes));
      if (!body.success) return problemResponse(422, `Sign-in: ${firstIssue(body.error)}.`);
      const { code, token } = body.data;
      if ((code === undefined) === (token === undefined)) {
        return problemResponse(422, "Sign-in takes either code or token.");
      }
      const secret = await sessions.signIn({
        ...(code === undefined ? {} : { code }),
        ...(token === undefined ? {} : { token }),
      });
      if (secret === undefined) {
        const detail = code === undefined
          ? "The token is not the admin token: it is in the file admin-token that the server wrote."
          : "The code is unknown, used or older than ten minutes: sign in with the admin token.";
        return problemResponse(401, detail);
      }
      setCookie(context, sessions.cookieName, secret, {
        ...cookieOptions(context),
        maxAge: sessionLimits.absoluteMs / 1000,
      });
      return context.body(null, 204);
    },
  },
  {
    method: "GET",
    path: "/api/v1/session",
    policy: "admin",
    summary: "Who is signed in",
    answers: {
      200: { description: "The principal", schema: sessionSchema },
      401: { description: "Nobody" },
    },
    handler: (context) => context.json({ principal: context.var.principal, server_version: version }),
  },
  {
    method: "DELETE",
    path: "/api/v1/session",
    policy: "public",
    summary: "Sign out",
    answers: { 204: { description: "The session is ended, if there was one; the cookie is cleared" } },
    async handler(context) {
      const { sessions } = context.var.services;
      const secret = getCookie(context, sessions.cookieName);
      if (secret !== undefined) await sessions.signOut(secret);
      deleteCookie(context, sessions.cookieName, cookieOptions(context));
      return context.body(null, 204);
    },
  },
];
