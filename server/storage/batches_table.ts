/**
 * Batches in `metrics.db`: what agents sent, as they sent it, in the order in which it was made durable.
 *
 * Ids only grow, also after the oldest rows are gone: the mark of the saved heads names the last one that they include.
 */
import type { Client, InValue, Row } from "@libsql/client";
import type { BatchId } from "../../protocol/batch.ts";
import type { Databases } from "./database.ts";
import { createDedup } from "./dedup.ts";
import { bytesOf, numberOf, textOf } from "./rows.ts";

/** Tables of this file. */
export const createBatchesTable = `
  CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    agent_id TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    clock_offset_ms INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    body BLOB NOT NULL
  );
  CREATE INDEX batches_by_agent ON batches (agent_id, last_ms)`;

/** By when they came: not the order of their ids where the clock was set. */
export const createReceivedIndex = `CREATE INDEX batches_by_received ON batches (received_ms)`;

/** A batch to be stored. */
export interface NewBatch {
  readonly agentId: string;
  /** Absent for v1 agents: then it is stored however often it comes. */
  readonly batchId: BatchId | undefined;
  readonly receivedMs: number;
  /** Time of the oldest envelope, `clockOffsetMs` included. */
  readonly firstMs: number;
  /** Time of the newest envelope, `clockOffsetMs` included. */
  readonly lastMs: number;
  /** What is added to the timestamps in the body, because the host's clock is wrong. */
  readonly clockOffsetMs: number;
  /** Content coding of `body`. */
  readonly encoding: string;
  /** JSON array of valid envelopes. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A stored batch. */
export interface BatchRow extends Omit<NewBatch, "batchId"> {
  readonly id: number;
}

function batchOf(row: Row): BatchRow {
  return {
    id: numberOf(row, "id"),
    agentId: textOf(row, "agent_id"),
    receivedMs: numberOf(row, "received_ms"),
    firstMs: numberOf(row, "first_ms"),
    lastMs: numberOf(row, "last_ms"),
    clockOffsetMs: numberOf(row, "clock_offset_ms"),
    encoding: textOf(row, "encoding"),
    body: bytesOf(row, "body"),
  };
}

/** Operations on batches. */
export function batchOperations({ metrics }: Databases) {
  const dedup = createDedup(metrics);

  async function lastBatchId(): Promise<number> {
    const [row] = (await metrics.execute("SELECT seq FROM sqlite_sequence WHERE name = 'batches'")).rows;
    return row === undefined ? 0 : numberOf(row, "seq");
  }

  return {
    /**
     * Stores batches with their dedup marks in one transaction. Answers the id of each, `undefined` for one that was
     * stored before.
     */
    async appendBatches(batches: readonly NewBatch[]): Promise<(number | undefined)[]> {
      try {
        let nextId = await lastBatchId() + 1;
        const ids: (number | undefined)[] = [];
        const values: InValue[] = [];
        let rows = 0;
        for (const batch of batches) {
          const isNew = batch.batchId === undefined || await dedup.note(batch.agentId, batch.batchId);
          if (!isNew) {
            ids.push(undefined);
            continue;
          }
          values.push(nextId, batch.agentId, batch.receivedMs, batch.firstMs, batch.lastMs);
          values.push(batch.clockOffsetMs, batch.encoding, batch.body);
          ids.push(nextId++);
          rows++;
        }
        if (rows === 0) return ids;
        const insert = {
          sql: `INSERT INTO batches
                  (id, agent_id, received_ms, first_ms, last_ms, clock_offset_ms, encoding, body)
                VALUES ${Array(rows).fill("(?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
          args: values,
        };
        await metrics.batch([insert, ...dedup.statements(batches[0]?.receivedMs ?? 0)], "write");
        return ids;
      } catch (error) {
        dedup.forget();
        throw error;
      }
    },

    /** Notes batches that were refused for good, so that they leave no hole below those that are stored. */
    async markRefused(
      { agentId, batchId, receivedMs }: Pick<NewBatch, "agentId" | "receivedMs"> & {
        readonly batchId: BatchId;
      },
    ): Promise<void> {
      try {
        if (!await dedup.note(agentId, batchId)) return;
        await metrics.batch(dedup.statements(receivedMs), "write");
      } catch (error) {
        dedup.forget();
        throw error;
      }
    },

    /** Deletes the marks and the latest state of an agent that was removed; its batches stay until they are too old. */
    async forgetAgent(agentId: string): Promise<void> {
      const head = { sql: "DELETE FROM heads WHERE agent_id = ?", args: [agentId] };
      await metrics.batch([head, ...dedup.remove(agentId)], "write");
    },

    /** The batches after an id, in order. */
    async listBatchesAfter(
      { id, limit }: { readonly id: number; readonly limit: number },
    ): Promise<BatchRow[]> {
      const { rows } = await metrics.execute({
        sql: "SELECT * FROM batches WHERE id > ? ORDER BY id LIMIT ?",
        args: [id, limit],
      });
      return rows.map(batchOf);
    },

    /** Deletes at most `limit` batches received before a time and gives their room back; how many it were. */
    async deleteBatchesBefore(
      { receivedMs, limit }: { readonly receivedMs: number; readonly limit: number },
    ): Promise<number> {
      const { rowsAffected } = await metrics.execute({
        sql:
          `DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE received_ms < ? ORDER BY received_ms LIMIT ?)`,
        args: [receivedMs, limit],
      });
      // Through `executeMultiple`: `execute` would free one page and leave the statement open.
      if (rowsAffected > 0) await metrics.executeMultiple("PRAGMA incremental_vacuum(200)");
      return rowsAffected;
    },
  };
}

/**
 * The batches of one host with an envelope in a range of time (Unix ms, both ends included), by the time of their newest
 * envelope. `after` is the last row of the page before.
 */
export async function readBatchesInRange(client: Client, request: {
  readonly agentId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly after: { readonly lastMs: number; readonly id: number } | undefined;
  readonly limit: number;
}): Promise<BatchRow[]> {
  const { agentId, fromMs, toMs, after = { lastMs: fromMs, id: 0 }, limit } = request;
  const { rows } = await client.execute({
    sql: `SELECT * FROM batches WHERE agent_id = ? AND (last_ms, id) > (?, ?) AND first_ms <= ?
          ORDER BY last_ms, id LIMIT ?`,
    args: [agentId, after.lastMs, after.id, toMs, limit],
  });
  return rows.map(batchOf);
}
