/** Error bodies: `application/problem+json` (RFC 9457). */
import * as z from "zod/mini";

/** Media type of {@linkcode problemSchema}. */
export const problemMediaType = "application/problem+json";

/** `{type, title, status, detail}`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string(),
});

/** `{type, title, status, detail}`. */
export type Problem = z.infer<typeof problemSchema>;

/**
 * `detail` of the 403 for an agent that names another host than the one it registered: by it the agent knows that
 * registering again may help.
 */
export const hostnameMismatch = "hostname: is not the name that this agent registered.";

/** Titles of the statuses that the protocol uses. */
export const problemTitles = {
  400: "Bad request",
  401: "Not authenticated",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  408: "Request timed out",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  422: "Not processable",
  429: "Too many requests",
  500: "Internal error",
  503: "Not available",
  507: "Storage full",
} as const;

/** A status that the protocol answers errors with. */
export type ProblemStatus = keyof typeof problemTitles;

/** Builds a problem; `detail` says what failed, on what, and what to do. */
export function problemOf(status: ProblemStatus, detail: string): Problem {
  return { type: "about:blank", title: problemTitles[status], status, detail };
}
