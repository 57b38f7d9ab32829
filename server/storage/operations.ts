/**
 * Everything that the writer Worker does with the databases: the only list.
 *
 * To add a table with its operations:
 *
 * 1. Make `<subject>_table.ts` here. It exports `create<Subject>Table`, the SQL of its tables and indexes, and
 *    `<subject>Operations(databases)`, which returns an object of functions. Each takes exactly one argument and answers
 *    with a promise; both must survive a structured clone (plain objects, arrays, Uint8Array; no functions, no classes).
 *    SQL takes outside values as bound arguments only. `agents_table.ts` is a small example, `rows.ts` reads columns.
 * 2. Append the SQL to `controlMigrations` or `metricsMigrations` in `migrations.ts`.
 * 3. Spread the functions below. Names are unique over all tables.
 *
 * The main thread then calls `store.run("<function>", argument)`; argument and result are typed from here. Calls run one
 * after the other; several statements that belong together go through `client.batch([...], "write")`: one transaction.
 */
import { agentOperations } from "./agents_table.ts";
import { batchOperations } from "./batches_table.ts";
import { commandOperations } from "./command_table.ts";
import type { Databases } from "./database.ts";
import { headOperations } from "./heads_table.ts";
import { sessionOperations } from "./session_table.ts";
import { upkeepOperations } from "./upkeep.ts";

/** Makes the operations on open databases. */
export function createOperations(databases: Databases) {
  return {
    ...agentOperations(databases),
    ...batchOperations(databases),
    ...headOperations(databases),
    ...upkeepOperations(databases),
    ...commandOperations(databases),
    ...sessionOperations(databases),
  };
}

/** The operations by name, for the types of {@linkcode Store.run}. */
export type StoreOperations = ReturnType<typeof createOperations>;
