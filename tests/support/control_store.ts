/** The real tables in a temporary folder, without the Worker: for tests of what stores commands and sessions. */
import { openDatabases } from "../../server/storage/database.ts";
import { createOperations, type StoreOperations } from "../../server/storage/operations.ts";
import type { Store } from "../../server/storage/store.ts";

/** A store whose operations a test can watch and make fail. */
export interface ControlStore extends Pick<Store, "run"> {
  /** Called before each operation; what it throws is what the operation fails with. */
  before: (operation: keyof StoreOperations) => void | Promise<void>;
  close(): Promise<void>;
}

/** Opens fresh databases. */
export async function controlStore(): Promise<ControlStore> {
  const directory = await Deno.makeTempDir();
  const databases = await openDatabases(directory);
  const operations = createOperations(databases);
  const store: ControlStore = {
    before: () => {},
    async run(name, argument) {
      await store.before(name);
      // Each operation takes its own argument type; `run`'s signature has tied the two together for the caller.
      const operation = operations[name] as (argument: unknown) => Promise<never>;
      return await operation(structuredClone(argument));
    },
    async close() {
      databases.control.close();
      databases.metrics.close();
      await Deno.remove(directory, { recursive: true });
    },
  };
  return store;
}
