/** Agents in `control.db`: identity, the hash of the key, and what the agent said of its host. */
import type { Databases } from "./database.ts";
import { bytesOf, numberOf, optionalNumberOf, textOf } from "./rows.ts";

/** Tables of this file. `key_hash` is SHA-256; it is empty for an anonymous agent. */
export const createAgentsTable = `
  CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL,
    anonymous INTEGER NOT NULL,
    hostname TEXT NOT NULL,
    key_hash BLOB NOT NULL,
    info TEXT NOT NULL,
    registered_ms INTEGER NOT NULL,
    last_seen_ms INTEGER
  )`;

/** An agent as it is stored. */
export interface AgentRow {
  readonly id: string;
  readonly tenant: string;
  readonly anonymous: boolean;
  readonly hostname: string;
  /** SHA-256 of the key; empty for an anonymous agent. */
  readonly keyHash: Uint8Array<ArrayBuffer>;
  /** JSON of what it said at register. */
  readonly info: string;
  readonly registeredMs: number;
  readonly lastSeenMs: number | undefined;
}

/** Operations on agents. */
export function agentOperations({ control }: Databases) {
  return {
    async listAgents(_: null): Promise<AgentRow[]> {
      const { rows } = await control.execute("SELECT * FROM agents");
      return rows.map((row) => ({
        id: textOf(row, "id"),
        tenant: textOf(row, "tenant"),
        anonymous: numberOf(row, "anonymous") !== 0,
        hostname: textOf(row, "hostname"),
        keyHash: bytesOf(row, "key_hash"),
        info: textOf(row, "info"),
        registeredMs: numberOf(row, "registered_ms"),
        lastSeenMs: optionalNumberOf(row, "last_seen_ms"),
      }));
    },

    /** Inserts an agent, or replaces what is known of one with the same id. */
    async saveAgent(agent: AgentRow): Promise<void> {
      await control.execute({
        sql:
          `INSERT INTO agents (id, tenant, anonymous, hostname, key_hash, info, registered_ms, last_seen_ms)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (id) DO UPDATE SET hostname = excluded.hostname, key_hash = excluded.key_hash,
                info = excluded.info, last_seen_ms = excluded.last_seen_ms`,
        args: [
          agent.id,
          agent.tenant,
          agent.anonymous,
          agent.hostname,
          agent.keyHash,
          agent.info,
          agent.registeredMs,
          agent.lastSeenMs ?? null,
        ],
      });
    },

    async deleteAgent(id: string): Promise<void> {
      await control.execute({ sql: "DELETE FROM agents WHERE id = ?", args: [id] });
    },

    /** Notes when agents were last heard of. */
    async saveLastSeen(seen: readonly { readonly id: string; readonly lastSeenMs: number }[]): Promise<void> {
      await control.execute({
        sql: `UPDATE agents SET last_seen_ms = seen.value ->> 'lastSeenMs'
              FROM json_each(?) AS seen WHERE agents.id = seen.value ->> 'id'`,
        args: [JSON.stringify(seen)],
      });
    },
  };
}
