/** Commands that the server queues and an agent fetches, and their results. */
import * as z from "zod/mini";
import { text } from "./limits.ts";
import { gauge, state } from "./measure.ts";
import { timestampSchema } from "./timestamp.ts";

const logLevels = ["DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY"] as const;

const noArguments = z.object({});

const nanoseconds = (help: string) =>
  z.optional(gauge({ unit: "{ns}", help, prometheus: "spectra_probe_rtt_nanoseconds" }));
const port = (help: string, name: string) =>
  z.optional(state({ unit: "{port}", help, prometheus: `spectra_socket_${name}` }));
const entry = z.object({
  path: text(8192),
  size: gauge({ unit: "By", help: "Size on disk.", prometheus: "spectra_disk_usage_bytes" }),
  count: z.optional(
    gauge({ unit: "{file}", help: "Files below it.", prometheus: "spectra_disk_usage_files" }),
  ),
});
const tally = (help: string, name: string, unit: "{file}" | "{directory}" | "{error}") =>
  z.optional(gauge({ unit, help, prometheus: `spectra_disk_usage_${name}` }));

/** Arguments and result of each kind of command. */
export const commandSchemas = {
  FETCH_LOGS: {
    args: z.object({
      min_level: z.optional(z.enum(logLevels)),
      unit: z.optional(text(256)),
      since: z.optional(text(64)),
      limit: z.optional(z.int().check(z.minimum(1), z.maximum(10_000))),
      grep: z.optional(text(1024)),
    }),
    result: z.array(z.object({
      timestamp: state({
        unit: "s",
        help: "When it was logged, Unix time.",
        prometheus: "spectra_log_timestamp_seconds",
      }),
      source: z.optional(text()),
      level: z.optional(text()),
      message: z.optional(text(65_536)),
      pid: z.optional(state({ unit: "{pid}", help: "Process number.", prometheus: "spectra_log_pid" })),
      process_name: z.optional(text()),
    })),
  },
  DISK_USAGE: {
    args: z.object({
      path: text(4096),
      top_n: z.optional(z.int().check(z.minimum(0), z.maximum(1000))),
    }),
    result: z.object({
      root: text(8192),
      top_dirs: z.array(entry),
      top_files: z.array(entry),
      scanned_dirs: tally("Directories read.", "scanned_directories", "{directory}"),
      scanned_files: tally("Files seen.", "scanned_files", "{file}"),
      error_count: tally("What could not be read.", "errors", "{error}"),
      partial: z.optional(z.boolean()),
      duration_ms: z.optional(
        gauge({ unit: "ms", help: "Time taken.", prometheus: "spectra_disk_usage_duration_milliseconds" }),
      ),
      scanned_at: z.optional(text(64)),
    }),
  },
  LIST_MOUNTS: {
    args: noArguments,
    result: z.array(z.object({ mountpoint: text(4096), device: text(4096), fstype: text() })),
  },
  NETWORK_DIAG: {
    args: z.object({
      action: z.enum(["ping", "connect", "netstat", "traceroute"]),
      target: z.optional(text(512)),
      count: z.optional(z.int().check(z.minimum(1), z.maximum(100))),
    }),
    result: z.object({
      action: text(64),
      target: z.optional(text(512)),
      raw_output: z.optional(text(1_048_576)),
      netstat: z.optional(z.array(z.object({
        proto: text(16),
        local_addr: text(128),
        local_port: port("Local port.", "local_port"),
        remote_addr: z.optional(text(128)),
        remote_port: port("Remote port.", "remote_port"),
        state: z.optional(text(32)),
        user: z.optional(text()),
        pid: z.optional(state({ unit: "{pid}", help: "Process number.", prometheus: "spectra_socket_pid" })),
      }))),
      ping_results: z.optional(z.array(z.object({
        seq: state({
          unit: "{attempt}",
          help: "Number of the attempt.",
          prometheus: "spectra_probe_sequence",
        }),
        success: z.boolean(),
        rtt: nanoseconds("Round-trip time."),
        response: z.optional(text(4096)),
        peer: z.optional(text(256)),
        code: z.optional(
          state({ unit: "{code}", help: "ICMP code of the answer.", prometheus: "spectra_probe_icmp_code" }),
        ),
      }))),
    }),
  },
  RESTART_AGENT: { args: noArguments, result: z.optional(z.unknown()) },
  WATCH: {
    args: z.object({
      types: z.array(text(64)).check(z.minLength(1), z.maxLength(64)),
      interval_seconds: z.number().check(z.minimum(1), z.maximum(3600)),
      until: timestampSchema,
    }),
    result: z.optional(z.unknown()),
  },
} as const;

/** Kind of a command. */
export type CommandType = keyof typeof commandSchemas;

/** The kinds that a v1 agent understands; it is sent no others. */
export const v1CommandTypes: readonly CommandType[] = [
  "FETCH_LOGS",
  "DISK_USAGE",
  "LIST_MOUNTS",
  "NETWORK_DIAG",
  "RESTART_AGENT",
];

/** Arguments of a kind of command. */
export type CommandArgs<T extends CommandType> = z.infer<(typeof commandSchemas)[T]["args"]>;

/** Result payload of a kind of command. */
export type CommandResultPayload<T extends CommandType> = z.infer<(typeof commandSchemas)[T]["result"]>;

/** True for a kind in {@linkcode commandSchemas}. */
export function isCommandType(name: string): name is CommandType {
  return Object.hasOwn(commandSchemas, name);
}

/** A command as an agent receives it. `type` stays open: an agent answers a kind that it does not have. */
export const commandSchema = z.object({
  id: text(64),
  type: text(64),
  /** Base64 of the JSON of `args`: what v1 agents read. */
  payload: z.optional(z.string()),
  args: z.optional(z.record(z.string(), z.unknown())),
  expires_at: z.optional(timestampSchema),
});

/** A command as an agent receives it. */
export type Command = z.infer<typeof commandSchema>;

/** Body of `POST /api/v1/agent/command_result`. */
export const commandResultSchema = z.object({
  id: text(64),
  type: text(64),
  payload: z.optional(z.unknown()),
  error: z.optional(text(8192)),
});

/** Body of `POST /api/v1/agent/command_result`. */
export type CommandResult = z.infer<typeof commandResultSchema>;

/** Body of `POST /api/v1/commands`. */
export const commandRequestSchema = z.object({
  hostname: z.optional(text(255)),
  agent_id: z.optional(text(64)),
  type: text(64),
  args: z.optional(z.record(z.string(), z.unknown())),
});

/** Where a command is in its life. */
export const commandStatuses = ["queued", "leased", "done", "failed", "expired", "lost"] as const;

/** A command's record: who asked for what, when it ran, its result. */
export const commandRecordSchema = z.object({
  id: z.string(),
  agent_id: z.string(),
  hostname: z.string(),
  type: z.string(),
  args: z.record(z.string(), z.unknown()),
  status: z.enum(commandStatuses),
  asked_by: z.string(),
  created_at: z.string(),
  expires_at: z.string(),
  leased_at: z.optional(z.string()),
  finished_at: z.optional(z.string()),
  result: z.optional(z.unknown()),
  error: z.optional(z.string()),
});

/** A command's record. */
export type CommandRecord = z.infer<typeof commandRecordSchema>;
