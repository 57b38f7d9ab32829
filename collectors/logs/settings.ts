/** What can be set of the `logs` collector. */
import * as z from "zod/mini";
import { logLevels } from "../../protocol/metrics/log.ts";
import { patternProblem } from "./parsers/pattern.ts";

const level = z.enum(logLevels);

const pattern = z.string().check(
  z.maxLength(1_024),
  z.refine((value) => patternProblem(value) === undefined, {
    error: (issue) => `is no usable pattern: ${patternProblem(String(issue.input))}`,
  }),
);

const hostPath = z.string().check(
  z.maxLength(1_024),
  z.refine((value) => value.startsWith("/") && !value.split("/").includes(".."), {
    error: "must be an absolute path without ..",
  }),
);

const file = z.object({
  /** With `*` and `?` it names several files, counted together. */
  path: hostPath,
  parser: z._default(z.enum(["syslog", "nginx", "apache", "json", "regex"]), "syslog"),
  /** Of the `regex` parser: named groups `time`, `level`, `message`, `process`, `pid`, `unit`, `status`. */
  pattern: z.optional(pattern),
  /** Lines of this level and above become events; `warning` unless `match` is set. */
  min_level: z.optional(level),
  /** Lines in which this finds something become events. */
  match: z.optional(pattern),
  /** What the source is called; its path by default. */
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(256))),
}).check(
  z.refine((value) => value.parser !== "regex" || value.pattern !== undefined, {
    error: "the regex parser needs a pattern",
    path: ["pattern"],
  }),
);

/** One entry of `files`. */
export type FileSettings = z.infer<typeof file>;

const journalDefaults = { enabled: true, units: [], min_level: "warning" as const };

/** Settings below `collectors.logs`. */
export const logsSettings = z.object({
  files: z._default(
    z.array(file).check(
      z.maxLength(50),
      z.refine((files) => new Set(files.map(({ path }) => path)).size === files.length, {
        error: "a path stands in it twice",
      }),
    ),
    [],
  ),
  journal: z._default(
    z.object({
      /** Reads the systemd journal where there is one. */
      enabled: z._default(z.boolean(), journalDefaults.enabled),
      /** Only of these units; all when empty. */
      units: z._default(
        z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(50)),
        [],
      ),
      /** Less severe entries are neither counted nor sent. */
      min_level: z._default(level, journalDefaults.min_level),
    }),
    journalDefaults,
  ),
  /** Most events of one source in a minute; more are counted only. */
  events_per_minute: z._default(z.int().check(z.minimum(1), z.maximum(6_000)), 60),
});

/** Settings of the `logs` collector. */
export type LogsSettings = z.infer<typeof logsSettings>;
