/** The agents that the server knows, in memory; `control.db` has the same on disk. */
import type { Clock } from "../lib/clock.ts";
import type { HostInfo } from "../protocol/host_info.ts";

/** An agent and its host. */
export interface Agent {
  readonly id: string;
  readonly tenant: string;
  readonly anonymous: boolean;
  hostname: string;
  /** What it said at register, without the token. */
  info: Omit<HostInfo, "enrollment_token">;
  readonly registeredAtMs: number;
  /** When it was last heard of by any request. */
  lastSeenMs: number | undefined;
  /** The same on the monotonic clock, once it was heard of since the server started. */
  lastSeenMonotonicMs?: number;
}

/**
 * For how long an agent has been silent, in milliseconds; `undefined` when it was never heard of. What an earlier run of
 * the server noted is a time of the wall clock; one that lies ahead says that the clock was set, and is as good as none.
 */
export function silentMs(agent: Agent, clock: Clock): number | undefined {
  if (agent.lastSeenMonotonicMs !== undefined) return clock.monotonicMs() - agent.lastSeenMonotonicMs;
  return agent.lastSeenMs === undefined ? undefined : Math.abs(clock.now() - agent.lastSeenMs);
}

/** The agents, by id, key and hostname. */
export interface AgentDirectory {
  byId(id: string): Agent | undefined;
  /** All that carry this name: two is a conflict that the caller reports. */
  byHostname(hostname: string): Agent[];
  /** The agent that owns a bearer key. */
  byKey(key: string): Agent | undefined;
  all(): Iterable<Agent>;
  /** Notes that an agent was heard of now. */
  touch(agent: Agent): void;
}

/** What an agent says of its host, without the secret that enrolled it. */
export type AgentInfo = Agent["info"];

/** The directory as register and the policies use it. */
export interface AgentRegistry extends AgentDirectory {
  /** Makes a new agent; its key is told once and kept only as a hash. `undefined` when there are too many agents. */
  register(info: AgentInfo): Promise<{ readonly agent: Agent; readonly key: string } | undefined>;
  /** Takes over what an agent says of its host now. */
  update(agent: Agent, info: AgentInfo): Promise<void>;
  /**
   * The anonymous agent of a hostname, made when there is none. `taken` when a registered agent has that name, `full` when
   * there are too many anonymous agents.
   */
  anonymous(hostname: string): Promise<Agent | "taken" | "full">;
  /** The same, `undefined` when there is none. */
  knownAnonymous(hostname: string): Agent | "taken" | undefined;
  /** Forgets an agent and its key. What it already sent stays until it is too old. */
  remove(agent: Agent): Promise<void>;
  /** Writes down when agents were last heard of. */
  saveLastSeen(): Promise<void>;
}
