/**
 * The tables of both databases as a sequence of steps. `PRAGMA user_version` counts the steps that a file has had.
 *
 * A step that was released is never changed: a later one alters what it made.
 */
import type { Client } from "@libsql/client";
import { createAgentsTable } from "./agents_table.ts";
import { createBatchesTable, createReceivedIndex } from "./batches_table.ts";
import { createCommandsTable } from "./command_table.ts";
import { createDedupTables } from "./dedup.ts";
import { createHeadsTable } from "./heads_table.ts";
import { createServerTable, createSessionsTable } from "./session_table.ts";

/** Steps of `control.db`. */
export const controlMigrations: readonly string[] = [
  createAgentsTable,
  createCommandsTable,
  createSessionsTable,
  createServerTable,
];

/** Steps of `metrics.db`. */
export const metricsMigrations: readonly string[] = [
  createBatchesTable,
  createDedupTables,
  createHeadsTable,
  createReceivedIndex,
];

/**
 * Runs the steps that a file has not had, each in a transaction of its own.
 *
 * @throws When the file has had more steps than this program knows.
 */
export async function migrate(client: Client, steps: readonly string[]): Promise<void> {
  const [row] = (await client.execute("PRAGMA user_version")).rows;
  const done = Number(row?.["user_version"] ?? 0);
  if (done > steps.length) {
    throw new Error(
      `it was written by a newer version of this program (its tables are at ${done}, this version knows ` +
        `${steps.length}): use that version, or another data directory`,
    );
  }
  for (const [index, step] of steps.entries()) {
    if (index < done) continue;
    await client.executeMultiple(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version=${index + 1}; COMMIT;`);
  }
}
