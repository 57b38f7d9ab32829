/**
 * Which batches of an agent were stored, so that one sent twice is stored once.
 *
 * Per (agent, epoch): every sequence up to `floor` is there; those above it are listed one by one. The floor follows
 * contiguous sequences, so an agent that sends in order keeps no list. The marks are written in the transaction that
 * stores the batches; this module only says which statements that takes.
 */
import type { Client, InStatement } from "@libsql/client";
import type { BatchId } from "../../protocol/batch.ts";
import { numberOf } from "./rows.ts";

/** Tables of this file. */
export const createDedupTables = `
  CREATE TABLE watermarks (
    agent_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    floor INTEGER NOT NULL,
    touched_ms INTEGER NOT NULL,
    PRIMARY KEY (agent_id, epoch)
  ) WITHOUT ROWID;
  CREATE TABLE received (
    agent_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (agent_id, epoch, sequence)
  ) WITHOUT ROWID`;

/** Most sequences listed above a floor: a hole below them is then given up, and the floor moves to the first of them. */
export const maxAboveFloor = 10_000;

/** Most epochs kept per agent; the one not heard of for longest goes first. An agent makes one when its spool is new. */
export const maxEpochsPerAgent = 16;

/** Most epochs held in memory. What falls out is read again when it is needed. */
const maxCached = 20_000;

interface Mark {
  readonly agentId: string;
  readonly epoch: string;
  floor: number;
  readonly above: Set<number>;
  /** Not in the database yet. */
  isNew: boolean;
}

/** The marks, as the writer sees them. */
export interface Dedup {
  /** Notes a batch; false when it was there before. What was noted counts once {@linkcode Dedup.statements} are committed. */
  note(agentId: string, id: BatchId): Promise<boolean>;
  /** What writes the notes since the last call. */
  statements(nowMs: number): InStatement[];
  /** Forgets the notes since the last commit: the transaction failed. */
  forget(): void;
  /** What deletes the marks of an agent that was removed. */
  remove(agentId: string): InStatement[];
}

/** Reads and keeps the marks in `client`, the writer's connection to `metrics.db`. */
export function createDedup(client: Client): Dedup {
  const cache = new Map<string, Mark>();
  let changed = new Map<Mark, { added: number[]; floorBefore: number }>();
  let written = changed;

  async function markOf(agentId: string, epoch: string): Promise<Mark> {
    const key = `${agentId}/${epoch}`;
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const args = [agentId, epoch];
    const [floorRow] = (await client.execute({
      sql: "SELECT floor FROM watermarks WHERE agent_id = ? AND epoch = ?",
      args,
    })).rows;
    const above = await client.execute({
      sql: "SELECT sequence FROM received WHERE agent_id = ? AND epoch = ?",
      args,
    });
    const mark: Mark = {
      agentId,
      epoch,
      floor: floorRow === undefined ? 0 : numberOf(floorRow, "floor"),
      above: new Set(above.rows.map((row) => numberOf(row, "sequence"))),
      isNew: floorRow === undefined,
    };
    if (changed.size === 0) dropOldest(); // A mark with notes must stay.
    cache.set(key, mark);
    return mark;
  }

  function dropOldest(): void {
    for (const oldest of cache.keys()) {
      if (cache.size < maxCached) return;
      cache.delete(oldest);
    }
  }

  return {
    async note(agentId, { epoch, sequence }) {
      const mark = await markOf(agentId, epoch);
      if (sequence <= mark.floor || mark.above.has(sequence)) return false;
      const change = changed.get(mark) ?? { added: [], floorBefore: mark.floor };
      change.added.push(sequence);
      changed.set(mark, change);
      mark.above.add(sequence);
      if (mark.above.size > maxAboveFloor) mark.floor = Math.min(...mark.above) - 1;
      while (mark.above.delete(mark.floor + 1)) mark.floor++;
      return true;
    },

    statements(nowMs) {
      const statements: InStatement[] = [];
      const floors: { agent: string; epoch: string; floor: number }[] = [];
      const listed: { agent: string; epoch: string; sequence: number }[] = [];
      for (const [mark, { added, floorBefore }] of changed) {
        const key = { agent: mark.agentId, epoch: mark.epoch };
        floors.push({ ...key, floor: mark.floor });
        const above = added.filter((sequence) => sequence > mark.floor);
        for (const sequence of above) listed.push({ ...key, sequence });
        // More than the sequences of this commit went below the floor: some of them were listed by an earlier one.
        if (mark.floor > floorBefore + added.length - above.length) {
          statements.push({
            sql: "DELETE FROM received WHERE agent_id = ? AND epoch = ? AND sequence <= ?",
            args: [mark.agentId, mark.epoch, mark.floor],
          });
        }
      }
      // One statement for all marks: preparing one costs more than running it.
      if (floors.length > 0) statements.push(writeFloors(floors, nowMs));
      if (listed.length > 0) statements.push(writeListed(listed));
      for (const mark of changed.keys()) {
        if (mark.isNew) statements.push(...dropOldEpochs(mark.agentId));
        mark.isNew = false;
      }
      written = changed;
      changed = new Map();
      return statements;
    },

    forget() {
      for (const mark of [...changed.keys(), ...written.keys()]) {
        cache.delete(`${mark.agentId}/${mark.epoch}`);
      }
      changed = new Map();
      written = changed;
    },

    remove(agentId) {
      for (const key of cache.keys()) if (key.startsWith(`${agentId}/`)) cache.delete(key);
      return ["watermarks", "received"].map((table) => ({
        sql: `DELETE FROM ${table} WHERE agent_id = ?`,
        args: [agentId],
      }));
    },
  };
}

function writeFloors(floors: readonly unknown[], nowMs: number): InStatement {
  return {
    sql: `INSERT INTO watermarks (agent_id, epoch, floor, touched_ms)
          SELECT value ->> 'agent', value ->> 'epoch', value ->> 'floor', ? FROM json_each(?) WHERE true
          ON CONFLICT (agent_id, epoch) DO UPDATE SET floor = excluded.floor, touched_ms = excluded.touched_ms`,
    args: [nowMs, JSON.stringify(floors)],
  };
}

function writeListed(listed: readonly unknown[]): InStatement {
  return {
    sql: `INSERT INTO received (agent_id, epoch, sequence)
          SELECT value ->> 'agent', value ->> 'epoch', value ->> 'sequence' FROM json_each(?)`,
    args: [JSON.stringify(listed)],
  };
}

function dropOldEpochs(agentId: string): InStatement[] {
  return [
    {
      sql: `DELETE FROM watermarks WHERE agent_id = ?1 AND epoch IN (
              SELECT epoch FROM watermarks WHERE agent_id = ?1 ORDER BY touched_ms DESC LIMIT -1 OFFSET ?2)`,
      args: [agentId, maxEpochsPerAgent],
    },
    {
      sql: `DELETE FROM received WHERE agent_id = ?1
              AND epoch NOT IN (SELECT epoch FROM watermarks WHERE agent_id = ?1)`,
      args: [agentId],
    },
  ];
}
