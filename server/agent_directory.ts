/**
 * The agents in memory, written through to `control.db`.
 *
 * An agent is looked up by the hash of its key, so that timing tells nothing about a key.
 */
import * as z from "zod/mini";
import type { Clock } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import { randomBase64Url } from "../lib/random.ts";
import { hostInfoSchema } from "../protocol/host_info.ts";
import type { Agent, AgentInfo, AgentRegistry } from "./agents.ts";
import { hashSecret } from "./auth/tokens.ts";
import type { AgentRow } from "./storage/agents_table.ts";
import type { Store } from "./storage/store.ts";

const log = logger("server", "agents");

/** Bounds of the directory. */
export const agentLimits = { registered: 50_000, anonymous: 1000 } as const;

const defaultTenant = "default";
const idBytes = 16;
const keyBytes = 32;

const storedInfoSchema = z.omit(hostInfoSchema, { enrollment_token: true });

interface Entry {
  readonly agent: Agent;
  readonly keyHash: Uint8Array<ArrayBuffer>;
}

/** Loads the agents that an earlier run knew. */
export async function createAgentDirectory(
  { clock, store }: { readonly clock: Clock; readonly store: Pick<Store, "run"> },
): Promise<AgentRegistry> {
  const byId = new Map<string, Entry>();
  const byKeyHash = new Map<string, Agent>();
  const byHostname = new Map<string, Set<Agent>>();
  const seen = new Set<Agent>();
  let anonymousCount = 0;

  function index(entry: Entry): void {
    const { agent, keyHash } = entry;
    byId.set(agent.id, entry);
    if (agent.anonymous) anonymousCount++;
    else byKeyHash.set(keyHash.toHex(), agent);
    indexHostname(agent);
  }

  function indexHostname(agent: Agent): void {
    const namesakes = byHostname.get(agent.hostname) ?? new Set();
    byHostname.set(agent.hostname, namesakes.add(agent));
  }

  function unindexHostname(agent: Agent): void {
    const namesakes = byHostname.get(agent.hostname);
    namesakes?.delete(agent);
    if (namesakes?.size === 0) byHostname.delete(agent.hostname);
  }

  function unindex({ agent, keyHash }: Entry): void {
    byId.delete(agent.id);
    if (agent.anonymous) anonymousCount--;
    else byKeyHash.delete(keyHash.toHex());
    unindexHostname(agent);
  }

  const save = ({ agent, keyHash }: Entry) => store.run("saveAgent", rowOf(agent, keyHash));

  // Indexed before it is saved, so that a second request for the same agent finds it instead of making another.
  async function add(entry: Entry): Promise<void> {
    index(entry);
    try {
      await save(entry);
    } catch (error) {
      unindex(entry);
      throw error;
    }
  }

  function newAgent(info: AgentInfo, anonymous: boolean): Agent {
    return {
      id: randomBase64Url(idBytes),
      tenant: defaultTenant,
      anonymous,
      hostname: info.hostname,
      info,
      registeredAtMs: clock.now(),
      lastSeenMs: undefined,
    };
  }

  function knownAnonymous(hostname: string): Agent | "taken" | undefined {
    const namesakes = [...byHostname.get(hostname) ?? []];
    return namesakes.some(({ anonymous }) => !anonymous) ? "taken" : namesakes[0];
  }

  for (const row of await store.run("listAgents", null)) {
    index({ agent: agentOf(row), keyHash: row.keyHash });
  }

  return {
    byId: (id) => byId.get(id)?.agent,
    byHostname(hostname) {
      const namesakes = [...byHostname.get(hostname) ?? []];
      // An anonymous agent does not make the name of a registered one ambiguous.
      const registered = namesakes.filter(({ anonymous }) => !anonymous);
      return registered.length > 0 ? registered : namesakes;
    },
    byKey: (key) => byKeyHash.get(hashSecret(key).toHex()),
    *all() {
      for (const { agent } of byId.values()) yield agent;
    },
    touch(agent) {
      agent.lastSeenMs = clock.now();
      agent.lastSeenMonotonicMs = clock.monotonicMs();
      seen.add(agent);
    },
    async register(info) {
      if (byId.size - anonymousCount >= agentLimits.registered) return undefined;
      const key = randomBase64Url(keyBytes);
      const agent = newAgent(info, false);
      await add({ agent, keyHash: hashSecret(key) });
      return { agent, key };
    },
    async update(agent, info) {
      const entry = byId.get(agent.id);
      if (entry === undefined) return;
      unindexHostname(agent);
      agent.hostname = info.hostname;
      agent.info = info;
      indexHostname(agent);
      await save(entry);
    },
    knownAnonymous,
    async anonymous(hostname) {
      const known = knownAnonymous(hostname);
      if (known !== undefined) return known;
      if (anonymousCount >= agentLimits.anonymous) return "full";
      const agent = newAgent({ hostname }, true);
      await add({ agent, keyHash: new Uint8Array() });
      return agent;
    },
    async remove(agent) {
      const entry = byId.get(agent.id);
      if (entry === undefined) return;
      await store.run("deleteAgent", agent.id);
      unindex(entry);
      seen.delete(agent);
    },
    async saveLastSeen() {
      const taken = [...seen];
      if (taken.length === 0) return;
      seen.clear();
      const rows = taken.map(({ id, lastSeenMs }) => ({ id, lastSeenMs: lastSeenMs ?? clock.now() }));
      try {
        await store.run("saveLastSeen", rows);
      } catch (error) {
        for (const agent of taken) seen.add(agent);
        throw error;
      }
    },
  };
}

function rowOf(agent: Agent, keyHash: Uint8Array<ArrayBuffer>): AgentRow {
  return {
    id: agent.id,
    tenant: agent.tenant,
    anonymous: agent.anonymous,
    hostname: agent.hostname,
    keyHash,
    info: JSON.stringify(agent.info),
    registeredMs: agent.registeredAtMs,
    lastSeenMs: agent.lastSeenMs,
  };
}

function agentOf(row: AgentRow): Agent {
  const info = storedInfoSchema.safeParse(JSON.parse(row.info));
  if (!info.success) log.warning("What agent {id} said of its host can't be read any more", { id: row.id });
  return {
    id: row.id,
    tenant: row.tenant,
    anonymous: row.anonymous,
    hostname: row.hostname,
    info: info.success ? info.data : { hostname: row.hostname },
    registeredAtMs: row.registeredMs,
    lastSeenMs: row.lastSeenMs,
  };
}
