/** Agents as the server knows them, for tests. */
import type { Agent, AgentDirectory } from "../../server/agents.ts";

/** An agent of our own, heard of at `lastSeenMs`. */
export function testAgent(overrides: Partial<Agent> = {}): Agent {
  const hostname = overrides.hostname ?? "web-01";
  return {
    id: `agent-${hostname}`,
    tenant: "default",
    anonymous: false,
    hostname,
    info: { hostname, capabilities: ["LIST_MOUNTS", "NETWORK_DIAG", "WATCH"] },
    registeredAtMs: Date.UTC(2026, 0, 1),
    lastSeenMs: Date.UTC(2026, 0, 26, 10, 0, 0),
    ...overrides,
  };
}

/** A directory of these agents; their keys are `key of <id>`. */
export function testDirectory(agents: readonly Agent[], now: () => number): AgentDirectory {
  return {
    byId: (id) => agents.find((agent) => agent.id === id),
    byHostname: (hostname) => agents.filter((agent) => agent.hostname === hostname),
    byKey: (key) => agents.find((agent) => key === `key of ${agent.id}`),
    all: () => agents,
    touch(agent) {
      agent.lastSeenMs = now();
    },
  };
}
