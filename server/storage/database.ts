/**
 * The two libSQL files of a data directory, and how a connection to one is set up.
 *
 * `control.db` holds what is small and precious (agents, commands, sessions), `metrics.db` what is large (batches, dedup
 * marks, latest state). Both are opened by Workers only: the local client is synchronous and would stop HTTP.
 */
import { type Client, createClient } from "@libsql/client";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { controlMigrations, metricsMigrations, migrate } from "./migrations.ts";

/** Open databases. */
export interface Databases {
  readonly control: Client;
  readonly metrics: Client;
}

/** How long a connection waits for another one's lock, in milliseconds. It waits synchronously. */
const lockTimeoutMs = 5000;

/**
 * Opens one file and sets its connection up. One connection only: settings made by PRAGMA belong to a connection, and a
 * pool would mix them.
 *
 * @throws When that fails; the message names the file.
 */
async function openFile(path: string, setUp: (client: Client) => Promise<void>): Promise<Client> {
  let client: Client | undefined;
  try {
    // Made here, so that only its owner may read it; the write-ahead log gets the same permissions.
    Deno.openSync(path, { create: true, write: true, mode: 0o600 }).close();
    client = createClient({ url: pathToFileURL(path).href, concurrency: 1, timeout: lockTimeoutMs });
    await setUp(client);
    return client;
  } catch (cause) {
    client?.close();
    throw new Error(`Cannot open the database ${path}`, { cause });
  }
}

// Vacuum mode and page size count only before the first table exists. Checkpoints are called for in between commits, so
// that no commit has to wait for one.
const pragmas =
  "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;";

/**
 * Opens both databases for writing and brings their tables up to date.
 *
 * @throws When a file can't be opened, or was written by a newer version of this program.
 */
export async function openDatabases(directory: string): Promise<Databases> {
  const control = await openFile(join(directory, "control.db"), async (client) => {
    await client.executeMultiple(pragmas);
    await migrate(client, controlMigrations);
  });
  try {
    const metrics = await openFile(join(directory, "metrics.db"), async (client) => {
      await client.executeMultiple(`PRAGMA page_size=8192; ${pragmas} PRAGMA cache_size=-32768;`);
      await migrate(client, metricsMigrations);
    });
    return { control, metrics };
  } catch (error) {
    control.close();
    throw error;
  }
}

/** Opens `metrics.db` for reading, beside the writer. */
export function openMetricsForReading(directory: string): Promise<Client> {
  return openFile(
    join(directory, "metrics.db"),
    (client) => client.executeMultiple("PRAGMA query_only=ON; PRAGMA cache_size=-16384;"),
  );
}
