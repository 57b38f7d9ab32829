/**
 * Latest state of every host in `metrics.db`: one compressed blob per agent, written every now and then, and the id of the
 * newest batch that all of them together include.
 */
import type { Databases } from "./database.ts";
import { bytesOf, numberOf, textOf } from "./rows.ts";

/** Tables of this file. */
export const createHeadsTable = `
  CREATE TABLE heads (
    agent_id TEXT PRIMARY KEY,
    state BLOB NOT NULL
  );
  CREATE TABLE heads_mark (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    last_batch INTEGER NOT NULL
  )`;

/** The stored state of one host. */
export interface HeadRow {
  readonly agentId: string;
  /** Gzipped JSON; its layout belongs to `server/heads_persistence.ts`. */
  readonly state: Uint8Array<ArrayBuffer>;
}

/** Operations on latest states. */
export function headOperations({ metrics }: Databases) {
  return {
    /** States of some hosts in the order of their ids, after one of them (`""` for the first). */
    async listHeads(
      { after, limit }: { readonly after: string; readonly limit: number },
    ): Promise<HeadRow[]> {
      const { rows } = await metrics.execute({
        sql: "SELECT agent_id, state FROM heads WHERE agent_id > ? ORDER BY agent_id LIMIT ?",
        args: [after, limit],
      });
      return rows.map((row) => ({ agentId: textOf(row, "agent_id"), state: bytesOf(row, "state") }));
    },

    /** Replaces the states of some hosts in one transaction. */
    async saveHeads(heads: readonly HeadRow[]): Promise<void> {
      await metrics.batch(
        heads.map(({ agentId, state }) => ({
          sql: `INSERT INTO heads (agent_id, state) VALUES (?, ?)
                ON CONFLICT (agent_id) DO UPDATE SET state = excluded.state`,
          args: [agentId, state],
        })),
        "write",
      );
    },

    /** Newest batch that the saved states include; 0 when nothing was saved yet. */
    async headsMark(_: null): Promise<number> {
      const [row] = (await metrics.execute("SELECT last_batch FROM heads_mark")).rows;
      return row === undefined ? 0 : numberOf(row, "last_batch");
    },

    /** Says that the saved states include every batch up to this one. */
    async saveHeadsMark(lastBatch: number): Promise<void> {
      await metrics.execute({
        sql: `INSERT INTO heads_mark (only, last_batch) VALUES (1, ?)
              ON CONFLICT (only) DO UPDATE SET last_batch = excluded.last_batch`,
        args: [lastBatch],
      });
    },
  };
}
