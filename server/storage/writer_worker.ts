/** The Worker that owns both databases: the only writer. It answers the operations of `operations.ts`. */
/// <reference lib="deno.worker" />
import { openDatabases } from "./database.ts";
import { createOperations } from "./operations.ts";
import { serveOperations } from "./rpc.ts";

// The folder is the Worker's name: known before the first message.
serveOperations(self, openDatabases(self.name).then(createOperations));
