/** The version of the program. `deno.json` is the only place where it is written. */
import project from "../deno.json" with { type: "json" };

/** Semantic version, e.g. `0.1.0`. */
export const version: string = project.version;
