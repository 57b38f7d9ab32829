/**
 * The settings: the only list. Flags, environment variables, YAML keys, their checks, `spectra config show`, `--help` and
 * `docs/configuration.md` are all made from it.
 */
import { logLevels } from "../../lib/log.ts";
import { limits } from "../../protocol/limits.ts";
import { defaultDataDirectory } from "./default_directory.ts";
import * as kinds from "./kinds.ts";
import { always, roles, type Setting, type SettingWithDefault } from "./setting.ts";

const logFormats = ["text", "json"] as const;

/** Where the program keeps its files. */
export const data: SettingWithDefault<string> = {
  key: "data",
  kind: kinds.path,
  help: "Directory of everything that is kept.",
  roles: ["server", "agent", "hosts"],
  flag: "--data <dir>",
  default: {
    value: defaultDataDirectory,
    text: "/var/lib/spectra for root, else ~/.local/state/spectra; " +
      "%ProgramData%\\Spectra; /Library/Application Support/Spectra",
  },
};

/** Least important record that is logged. */
export const logLevel: SettingWithDefault<(typeof logLevels)[number]> = {
  key: "log_level",
  kind: kinds.choice(logLevels, new Map([["warn", "warning"]])),
  help: "Least important messages that are logged.",
  roles,
  flag: "--log-level <level>",
  default: always("info"),
};

/** How logs are written. */
export const logFormat: SettingWithDefault<(typeof logFormats)[number]> = {
  key: "log_format",
  kind: kinds.choice(logFormats),
  help: "How messages are logged on standard error.",
  roles,
  flag: "--log-format <format>",
  default: {
    value: () => Deno.stderr.isTerminal() ? "text" : "json",
    text: "text on a terminal, else json",
  },
};

/** Where the server listens. */
export const listen: SettingWithDefault<kinds.ListenAddress> = {
  key: "listen",
  kind: kinds.listenAddress,
  help: "Address and port that the server listens on; port 0 takes a free one.",
  roles: ["server"],
  flag: "--listen <host:port>",
  default: { value: () => ({ hostname: "127.0.0.1", port: 8080 }), text: "127.0.0.1:8080" },
};

/** Whether agents without a key are served. */
export const allowAnonymousAgents: SettingWithDefault<boolean> = {
  key: "allow_anonymous_agents",
  kind: kinds.boolean,
  help: "Serve agents that have no key: those of the first Spectra protocol.",
  roles: ["server"],
  flag: "--allow-anonymous-agents",
  default: always(false),
};

/** The server that is reported to or asked. */
export const server: Setting<string> = {
  key: "server",
  kind: kinds.url,
  help: "URL of the server.",
  roles: ["agent", "hosts"],
  flag: "--server <url>",
  aliases: ["server_url"],
  environment: ["MASTER_URL"],
};

/** The name to report. */
export const hostname: Setting<string> = {
  key: "hostname",
  kind: kinds.hostname,
  help: "Name to report instead of the machine's own.",
  roles: ["agent", "collect"],
  flag: "--hostname <name>",
  environment: ["SERVER_NAME"],
  fallbackEnvironment: "HOSTNAME",
};

/** Where the agent finds the enrolment token. */
export const tokenFile: Setting<string> = {
  key: "token_file",
  kind: kinds.path,
  help: "File with the server's enrollment token, read when the agent registers.",
  roles: ["agent"],
  flag: "--token-file <file>",
};

/** Where `spectra hosts` finds the admin token. */
export const adminTokenFile: Setting<string> = {
  key: "admin_token_file",
  kind: kinds.path,
  help: 'File with the server\'s admin token; "admin-token" in the data directory unless given.',
  roles: ["hosts"],
  flag: "--token-file <file>",
};

/** Where the agent serves what it measures. */
export const metricsListen: Setting<kinds.ListenAddress> = {
  key: "metrics_listen",
  kind: kinds.listenAddress,
  help:
    "Serve /metrics for Prometheus here, to everybody who reaches it: 127.0.0.1:9100, say. Off unless given.",
  roles: ["agent"],
  flag: "--metrics-listen <host:port>",
};

/** Where the host's `/proc` is. */
export const procfs: Setting<string> = {
  key: "procfs",
  kind: kinds.path,
  help: "Where the host's /proc is mounted, for an agent in a container.",
  roles: ["agent", "collect"],
  flag: "--procfs <dir>",
};

/** Where the host's `/sys` is. */
export const sysfs: Setting<string> = {
  key: "sysfs",
  kind: kinds.path,
  help: "Where the host's /sys is mounted.",
  roles: ["agent", "collect"],
  flag: "--sysfs <dir>",
};

/** Where the host's root file system is. */
export const rootfs: Setting<string> = {
  key: "rootfs",
  kind: kinds.path,
  help: "Where the host's root file system is mounted.",
  roles: ["agent", "collect"],
  flag: "--rootfs <dir>",
};

/** Lower bound of the pace of the collectors. */
export const collectionInterval: Setting<number> = {
  key: "collection_interval",
  kind: kinds.seconds(10, 300),
  help: "Collect no collector's numbers more often than this.",
  roles: ["agent"],
};

/** The same as Neon agents say it: without Netwarden's bounds. */
export const metricsInterval: Setting<number> = {
  key: "metrics_interval",
  kind: kinds.seconds(1, 86_400),
  help: "The same with wider bounds; where both are given the longer one counts.",
  roles: ["agent"],
  environment: ["METRICS_INTERVAL"],
};

/** How long a command poll waits. */
export const heartbeatInterval: SettingWithDefault<number> = {
  key: "heartbeat_interval",
  kind: kinds.seconds(1, limits.pollSeconds),
  help: "How long the agent's open request for commands waits at the server; each one is its sign of life.",
  roles: ["agent"],
  environment: ["HEARTBEAT_INTERVAL"],
  default: always(30),
};

/** Most envelopes that wait in memory. */
export const bufferMaxEnvelopes: SettingWithDefault<number> = {
  key: "buffer_max_envelopes",
  kind: kinds.integer(1, 1_000_000),
  help: "Most envelopes kept in memory while the server is away; the oldest give way.",
  roles: ["agent"],
  aliases: ["buffer_max_size"],
  environment: ["BUFFER_MAX_SIZE"],
  default: always(10_000),
};

/** Most envelopes in a batch. */
export const batchSize: SettingWithDefault<number> = {
  key: "batch_size",
  kind: kinds.integer(50, 500),
  help: "Most envelopes sent at once.",
  roles: ["agent"],
  default: always(100),
};

/** How long an envelope waits for others. */
export const batchSeconds: SettingWithDefault<number> = {
  key: "batch_seconds",
  kind: kinds.seconds(1, 300),
  help: "How long an envelope waits for others to be sent with it.",
  roles: ["agent"],
  default: always(5),
};

/** Every setting of ours whose key is fixed. */
export const settings: readonly Setting<unknown>[] = [
  data,
  logLevel,
  logFormat,
  listen,
  allowAnonymousAgents,
  server,
  hostname,
  tokenFile,
  adminTokenFile,
  metricsListen,
  procfs,
  sysfs,
  rootfs,
  collectionInterval,
  metricsInterval,
  heartbeatInterval,
  bufferMaxEnvelopes,
  batchSize,
  batchSeconds,
];
