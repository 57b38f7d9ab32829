/** Reading series from the stored batches of one host: what the query Worker does. */
import type { Clock } from "../../lib/clock.ts";
import type { Series } from "../../protocol/api.ts";
import { seriesDefinitions } from "../../protocol/series.ts";
import { decodeBatch } from "../batch.ts";
import { type BatchRow, readBatchesInRange } from "../storage/batches_table.ts";
import type { Databases } from "../storage/database.ts";
import { createSeriesBuilder } from "./series_builder.ts";

/** Batches read in one go. */
const chunkBatches = 100;

/** How long one question may take. */
const deadlineMs = 10_000;

/** Which series of which host. */
export interface SeriesQuestion {
  readonly agentId: string;
  /** Names of series that exist. */
  readonly names: readonly string[];
  /** Unix ms, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Leave counters as they are. */
  readonly raw: boolean;
}

/** The series, or why there are none. */
export type SeriesOutcome =
  | { readonly status: "ok"; readonly series: readonly Series[] }
  /** More than one answer holds. */
  | { readonly status: "too-much" }
  | { readonly status: "too-slow" };

/** The operations of the query Worker on its connection to `metrics.db`. */
export function queryOperations(metrics: Databases["metrics"], clock: Clock) {
  return {
    async readSeries(question: SeriesQuestion): Promise<SeriesOutcome> {
      const startMs = clock.monotonicMs();
      const builder = createSeriesBuilder(question);
      const isWanted = wantedTypes(question.names);
      for (let after: BatchRow | undefined;;) {
        const rows = await readBatchesInRange(metrics, { ...question, after, limit: chunkBatches });
        for (const row of rows) {
          if (!builder.add(await decodeBatch(row, isWanted))) return { status: "too-much" };
          if (clock.monotonicMs() - startMs > deadlineMs) return { status: "too-slow" };
          after = row;
        }
        if (rows.length < chunkBatches) return { status: "ok", series: builder.build() };
      }
    },

    /** Closes the database: the last operation. */
    close(_: null): Promise<void> {
      metrics.close();
      return Promise.resolve();
    },
  };
}

/** The operations by name. */
export type QueryOperations = ReturnType<typeof queryOperations>;

// `system` says when the host booted, which ends rates.
function wantedTypes(names: readonly string[]): (type: unknown) => boolean {
  const types = new Set<unknown>(["system"]);
  for (const name of names) for (const type of seriesDefinitions().get(name)?.types ?? []) types.add(type);
  return (type) => types.has(type);
}
