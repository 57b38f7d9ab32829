/** The Worker that reads the past, so that neither HTTP nor the writer waits for it. */
/// <reference lib="deno.worker" />
import { systemClock } from "../../lib/clock.ts";
import { openMetricsForReading } from "../storage/database.ts";
import { serveOperations } from "../storage/rpc.ts";
import { queryOperations } from "./query.ts";

// The folder is the Worker's name: known before the first message.
serveOperations(
  self,
  openMetricsForReading(self.name).then((client) => queryOperations(client, systemClock)),
);
