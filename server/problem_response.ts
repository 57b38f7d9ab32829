/** Errors as HTTP answers. */
import { problemMediaType, problemOf, type ProblemStatus } from "../protocol/problem.ts";

/** An `application/problem+json` answer; `detail` says what failed, on what, and what to do. */
export function problemResponse(
  status: ProblemStatus,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(problemOf(status, detail), {
    status,
    headers: { ...headers, "Content-Type": problemMediaType },
  });
}
