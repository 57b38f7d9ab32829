/** The agents that the server knows, in memory; `control.db` has the same on disk. */
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
}

/** The agents, by id, key and hostname. */
export interface AgentDirectory {
  byId(id: string): Agent | undefined;
  /** All that carry this name: two is a conflict that the caller reports. */
  byHostname(hostname: string): Agent[];
  /** The agent that owns a bearer key. */
  byKey(key: string): Promise<Agent | undefined>;
  all(): Iterable<Agent>;
  /** Notes that an agent was heard of now. */
  touch(agent: Agent): void;
}
