/** What an agent is started with. */
import type { HostFsOptions } from "../lib/host_fs.ts";

/** Where something listens. */
export interface ListenAddress {
  readonly hostname: string;
  readonly port: number;
}

/** Options of `spectra agent`. */
export interface AgentOptions {
  /** Base URL of the server, e.g. `https://spectra.example.org`. */
  readonly serverUrl: string;
  /** What the identity is kept under where the URL of the same server may change; the URL when absent. No URL itself. */
  readonly serverName?: string;
  /** Folder of the agent's identity, for this agent alone. Made with mode 0700 when it is absent. */
  readonly dataDirectory: string;
  /** Name to report; the machine's own when absent. */
  readonly hostname?: string;
  /** File with the enrolment token, read when the agent has to register. */
  readonly tokenFile?: string;
  readonly hostFs: HostFsOptions;
  readonly collectors: CollectorOptions;
  /** Most envelopes waiting to be sent. */
  readonly bufferMaxEnvelopes: number;
  /** Most envelopes in one batch. */
  readonly batchMaxEnvelopes: number;
  /** How long an envelope waits for others to share its batch. */
  readonly batchMaxSeconds: number;
  /** How long a command poll waits at the server. */
  readonly heartbeatSeconds: number;
  /** Where `/metrics` is served for Prometheus; nowhere when absent. */
  readonly metricsListen?: ListenAddress;
}

/** Settings by collector name and key; what is not there has the collector's default. */
export type CollectorSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Which collectors run, and how often. */
export interface CollectorOptions {
  /** Collectors by name that do not run. */
  readonly disabled: readonly string[];
  /** Lower bound of the pace of the collectors of numbers. */
  readonly minimumIntervalSeconds: number;
  /** Pace by collector name; overrides the collector's own. */
  readonly intervalSeconds: Readonly<Record<string, number>>;
  /** What is configured for each collector. */
  readonly settings: CollectorSettings;
}
