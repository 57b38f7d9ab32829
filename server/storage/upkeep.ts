/** What both databases need from time to time. */
import type { Databases } from "./database.ts";

/** Operations on the databases as files. */
export function upkeepOperations({ control, metrics }: Databases) {
  const clients = [control, metrics];
  return {
    /** Copies the write-ahead logs into the databases as far as readers let it; nobody is held up. */
    async checkpoint(_: null): Promise<void> {
      for (const client of clients) await client.execute("PRAGMA wal_checkpoint(PASSIVE)");
    },

    /** Reads from both: says that they answer. */
    async probe(_: null): Promise<void> {
      for (const client of clients) await client.execute("SELECT count(*) FROM sqlite_schema");
    },

    /** Closes both: the last operation. */
    closeDatabases(_: null): Promise<void> {
      for (const client of clients) client.close();
      return Promise.resolve();
    },
  };
}
