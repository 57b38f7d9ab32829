/** What is wrong with outside input, in one line. */
import type * as z from "zod/mini";

/** First complaint of a zod error as `path: message`, with the path in dots. */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "invalid";
  const path = issue.path.map(String).join(".");
  return path === "" ? describe(issue) : `${path}: ${describe(issue)}`;
}

// zod/mini ships without a locale, so its messages are all "Invalid input"; the issue itself says enough.
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${issue.expected}`;
    case "too_big":
      return `must be at most ${issue.maximum}${lengthUnit(issue.origin)}`;
    case "too_small":
      return `must be at least ${issue.minimum}${lengthUnit(issue.origin)}`;
    case "invalid_format":
      return `must be ${issue.format === "datetime" ? "an RFC 3339 timestamp" : `a valid ${issue.format}`}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `unknown key ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
    default:
      return issue.message;
  }
}

function lengthUnit(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " elements" : "";
}
