/** Commands in `control.db`: who asked for what, when it ran, its result. */
import type { Row } from "@libsql/client";
import { timestampOf } from "../../lib/clock.ts";
import { type CommandRecord, commandStatuses } from "../../protocol/command.ts";
import type { Databases } from "./database.ts";
import { numberOf, optionalNumberOf, optionalTextOf, textOf } from "./rows.ts";

/** Tables of this file. `seq` is the order of asking; `args` and `result` are JSON. */
export const createCommandsTable = `
  CREATE TABLE commands (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    agent_id TEXT NOT NULL,
    hostname TEXT NOT NULL,
    type TEXT NOT NULL,
    args TEXT NOT NULL,
    status TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    leased_ms INTEGER,
    finished_ms INTEGER,
    result TEXT,
    error TEXT
  );
  CREATE INDEX commands_by_agent ON commands (agent_id, seq);
  CREATE INDEX commands_unfinished ON commands (seq) WHERE finished_ms IS NULL`;

/** How a command ended. */
export type CommandEnding =
  | { readonly status: "done"; readonly result: unknown }
  | { readonly status: "failed" | "expired" | "lost"; readonly error: string };

const columnsWithoutResult =
  "id, agent_id, hostname, type, args, status, asked_by, created_ms, expires_ms, leased_ms, finished_ms, error";

/** Operations on commands. */
export function commandOperations({ control }: Databases) {
  return {
    /** Inserts a queued command. */
    async insertCommand(record: CommandRecord): Promise<void> {
      await control.execute({
        sql: `INSERT INTO commands
                (id, agent_id, hostname, type, args, status, asked_by, created_ms, expires_ms)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        args: [
          record.id,
          record.agent_id,
          record.hostname,
          record.type,
          JSON.stringify(record.args),
          record.status,
          record.asked_by,
          Date.parse(record.created_at),
          Date.parse(record.expires_at),
        ],
      });
    },

    /** `queued` → `leased`. */
    async leaseCommand(
      lease: { readonly id: string; readonly leasedMs: number; readonly expiresMs: number },
    ): Promise<void> {
      await control.execute({
        sql: `UPDATE commands SET status = 'leased', leased_ms = ?, expires_ms = ?
              WHERE id = ? AND status = 'queued'`,
        args: [lease.leasedMs, lease.expiresMs, lease.id],
      });
    },

    /** `queued` or `leased` → how it ended. */
    async finishCommand(
      finish: { readonly id: string; readonly finishedMs: number; readonly ending: CommandEnding },
    ): Promise<void> {
      const { id, finishedMs, ending } = finish;
      const result = ending.status === "done" && ending.result !== undefined
        ? JSON.stringify(ending.result)
        : null;
      await control.execute({
        sql: `UPDATE commands SET status = ?, finished_ms = ?, result = ?, error = ?
              WHERE id = ? AND finished_ms IS NULL`,
        args: [ending.status, finishedMs, result, ending.status === "done" ? null : ending.error, id],
      });
    },

    /** What is queued or leased, in the order of asking. */
    async listUnfinishedCommands(_: null): Promise<CommandRecord[]> {
      const { rows } = await control.execute(
        `SELECT ${columnsWithoutResult} FROM commands WHERE finished_ms IS NULL ORDER BY seq`,
      );
      return rows.map(recordOf);
    },

    /** One command with its result. */
    async getCommand(id: string): Promise<CommandRecord | undefined> {
      const { rows } = await control.execute({
        sql: `SELECT ${columnsWithoutResult}, result FROM commands WHERE id = ?`,
        args: [id],
      });
      const [row] = rows;
      if (row === undefined) return undefined;
      const result = optionalTextOf(row, "result");
      return { ...recordOf(row), ...(result === undefined ? {} : { result: JSON.parse(result) }) };
    },

    /** Commands, the newest first, without their results: each of those may be megabytes. */
    async listCommands(
      filter: { readonly agentId?: string; readonly limit: number },
    ): Promise<CommandRecord[]> {
      const { rows } = await control.execute(
        filter.agentId === undefined
          ? {
            sql: `SELECT ${columnsWithoutResult} FROM commands ORDER BY seq DESC LIMIT ?`,
            args: [filter.limit],
          }
          : {
            sql: `SELECT ${columnsWithoutResult} FROM commands WHERE agent_id = ? ORDER BY seq DESC LIMIT ?`,
            args: [filter.agentId, filter.limit],
          },
      );
      return rows.map(recordOf);
    },

    /** Deletes ended commands: the older ones, and of the newest all beyond a number of records or bytes of results. */
    async pruneCommands(
      keep: { readonly finishedSinceMs: number; readonly records: number; readonly resultBytes: number },
    ): Promise<void> {
      await control.execute({
        sql: `DELETE FROM commands WHERE seq IN (
                SELECT seq FROM (
                  SELECT seq, finished_ms,
                    row_number() OVER (ORDER BY seq DESC) AS position,
                    sum(coalesce(octet_length(result), 0)) OVER (ORDER BY seq DESC) AS bytes
                  FROM commands WHERE finished_ms IS NOT NULL)
                WHERE finished_ms < ? OR position > ? OR bytes > ?)`,
        args: [keep.finishedSinceMs, keep.records, keep.resultBytes],
      });
    },
  };
}

function recordOf(row: Row): CommandRecord {
  const status = commandStatuses.find((known) => known === row["status"]);
  if (status === undefined) throw new TypeError(`Command ${textOf(row, "id")} has an unknown status`);
  const leasedMs = optionalNumberOf(row, "leased_ms");
  const finishedMs = optionalNumberOf(row, "finished_ms");
  const error = optionalTextOf(row, "error");
  return {
    id: textOf(row, "id"),
    agent_id: textOf(row, "agent_id"),
    hostname: textOf(row, "hostname"),
    type: textOf(row, "type"),
    args: JSON.parse(textOf(row, "args")),
    status,
    asked_by: textOf(row, "asked_by"),
    created_at: timestampOf(numberOf(row, "created_ms")),
    expires_at: timestampOf(numberOf(row, "expires_ms")),
    ...(leasedMs === undefined ? {} : { leased_at: timestampOf(leasedMs) }),
    ...(finishedMs === undefined ? {} : { finished_at: timestampOf(finishedMs) }),
    ...(error === undefined ? {} : { error }),
  };
}
