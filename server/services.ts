/** What the routes work with: made once in `server/start.ts`, handed to every handler. */
import type { Clock } from "../lib/clock.ts";
import type { LiveEvent } from "../protocol/api.ts";
import type { CommandRecord, CommandResult, CommandType } from "../protocol/command.ts";
import type { Envelope } from "../protocol/envelope.ts";
import type { Agent, AgentRegistry } from "./agents.ts";
import type { Tokens } from "./auth/tokens.ts";
import type { Heads } from "./heads.ts";
import type { History } from "./history/history.ts";
import type { Ingest } from "./ingest.ts";
import type { ServerOptions } from "./options.ts";
import type { Bodies } from "./request_body.ts";
import type { SelfMetrics } from "./self_metrics.ts";
import type { Store } from "./storage/store.ts";

/** Everything that handlers share. */
export interface Services {
  readonly clock: Clock;
  readonly options: ServerOptions;
  /** The databases, behind the writer Worker. */
  readonly store: Store;
  readonly agents: AgentRegistry;
  readonly tokens: Tokens;
  /** Latest state of every host. */
  readonly heads: Heads;
  readonly ingest: Ingest;
  /** The way in for request bodies. */
  readonly bodies: Bodies;
  /** Series of the past, read in a Worker of its own. */
  readonly history: History;
  readonly live: LiveFeed;
  readonly commands: CommandQueue;
  readonly sessions: Sessions;
  /** Counters about the server itself, for `/metrics`. */
  readonly selfMetrics: SelfMetrics;
  /** True while the databases answer. */
  isReady(): Promise<boolean>;
  /** When the server started, on the monotonic clock. */
  readonly startedAtMs: number;
}

/** Tells browsers what changes (SSE), and hosts that somebody looks (`WATCH`). */
export interface LiveFeed {
  /** Called after a batch is on disk and not a duplicate. */
  published(agent: Agent, envelopes: readonly Envelope[]): void;
  /** Called when a host's status or information changed without a batch. */
  hostChanged(agent: Agent): void;
  /** Called when a host was removed. */
  hostRemoved(agent: Agent): void;
  /** One browser's feed; `agentId` adds that host's samples. `undefined` when too many are open. */
  subscribe(request: {
    readonly agentId?: string;
    readonly lastEventId?: string;
  }): LiveSubscription | undefined;
  /** How many browsers listen. */
  readonly subscribers: number;
  close(): void;
}

/** One browser's feed. */
export interface LiveSubscription {
  /**
   * Events with their ids, until closed. A client that does not read is cut to a fresh `snapshot`. `json` is `data` as JSON,
   * written once for all clients.
   */
  readonly events: ReadableStream<LiveEvent & { readonly id: string; readonly json: string }>;
  close(): void;
}

/** Outcome of asking for a command. */
export type Enqueued =
  | { readonly ok: true; readonly record: CommandRecord }
  | { readonly ok: false; readonly status: 409 | 422 | 503; readonly detail: string };

/** What a `WATCH` asks for: collect and send these types at this pace until then. */
export interface WatchRequest {
  readonly types: readonly string[];
  readonly intervalSeconds: number;
  readonly untilMs: number;
}

/** Commands, from the asking to the result. Records are on disk; `WATCH` is not recorded: it is renewed while somebody looks. */
export interface CommandQueue {
  /** Queues a command whose arguments were parsed by their schema. */
  enqueue(request: {
    readonly agent: Agent;
    readonly type: CommandType;
    readonly args: Readonly<Record<string, unknown>>;
    readonly askedBy: string;
    /** Queue it even though the host is offline. */
    readonly evenOffline: boolean;
  }): Promise<Enqueued>;
  /** The next command for an agent's long-poll, leased; `undefined` when none came in `waitSeconds`. The newest poll of an agent wins: older ones end empty. */
  next(agent: Agent, waitSeconds: number, signal: AbortSignal): Promise<
    {
      readonly id: string;
      readonly type: string;
      readonly args: Readonly<Record<string, unknown>>;
      readonly expiresAt: string;
    } | undefined
  >;
  /** Takes a result: once, from the agent that holds the lease, before it expires. Otherwise why not. */
  finish(
    agent: Agent,
    result: CommandResult,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly detail: string }>;
  /** Waits until a command is finished in any way, at most `waitSeconds`. */
  waitFor(id: string, waitSeconds: number, signal: AbortSignal): Promise<CommandRecord | undefined>;
  get(id: string): Promise<CommandRecord | undefined>;
  list(filter: { readonly agentId?: string; readonly limit: number }): Promise<CommandRecord[]>;
  /** Tells an agent to collect faster until a time; costs nothing when its agent has no such capability. */
  watch(agent: Agent, request: WatchRequest): void;
  /** True while a command is leased to the agent, or it was given a `WATCH`. */
  expectsResult(agent: Agent): boolean;
  /** Open long-polls. */
  readonly openPolls: number;
  /** False while as many agents poll as may and this one does not: its poll is refused. */
  hasRoomFor(agent: Agent): boolean;
  /** Forgets what is held in memory of a removed agent. */
  forget(agent: Agent): void;
  close(): void;
}

/** Signed-in browsers. */
export interface Sessions {
  /** A fresh one-time sign-in code; it works once, for ten minutes. */
  issueCode(): string;
  /** Spends a code or checks the admin token; the session's secret for the cookie, or `undefined`. */
  signIn(credentials: { readonly code?: string; readonly token?: string }): Promise<string | undefined>;
  /** The principal of a session's secret. */
  principalOf(secret: string): Promise<string | undefined>;
  signOut(secret: string): Promise<void>;
  /** Calls back when the session of a secret ends in any way; the function returned takes that back. */
  onEnd(secret: string, callback: () => void): () => void;
  /** Name of the cookie that holds a session's secret: its own for each server, as cookies do not know ports. */
  readonly cookieName: string;
}
