/** What is wrong with a configuration, in words that say where. */

/** Where a value came from. */
export type Origin =
  | { readonly source: "flag"; readonly name: string }
  | { readonly source: "environment"; readonly name: string }
  | { readonly source: "file"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly source: "default" };

/** One thing that is wrong. */
export interface Problem {
  readonly origin: Origin;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** `spectra.yaml:3:13`, `environment variable METRICS_INTERVAL`, `--listen`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.source) {
    case "flag":
      return origin.name;
    case "environment":
      return `environment variable ${origin.name}`;
    case "file":
      return `${origin.file}:${origin.line}:${origin.column}`;
    case "default":
      return "default";
  }
}

/** One line. */
export function describeProblem(problem: Problem): string {
  return problem.origin.source === "default"
    ? problem.message
    : `${describeOrigin(problem.origin)}: ${problem.message}`;
}
