/**
 * One reading for many askers: what the scheduler measured last is kept with its age, and whoever asks before the next one is overdue
 * gets that.
 *
 * Invariants: percentages cover the time between two readings of one instance, so an asker never uses the scheduler's: where its
 * reading is too old, an instance of the askers' own reads. Askers at the same moment share that run, and while one has not ended
 * no other begins.
 */
import type { Collector, CollectorDefinition, Host } from "../collectors/collector.ts";
import { errorChain } from "../lib/log.ts";
import type { Measurement } from "../protocol/metrics/mod.ts";
import { type Outcome, runCollector } from "./collect.ts";

/** What an asker gets of one collector. */
export interface Reading {
  readonly collector: string;
  readonly outcome: Outcome;
  /** Why, when the outcome is not `ok`. */
  readonly detail?: string;
  readonly measurements: readonly Measurement[];
  /** Time since they were measured. */
  readonly ageMs: number;
}

/** The shared reading of one collector. */
export interface SharedReading {
  readonly collector: string;
  /** Takes what the scheduler has just measured. */
  offer(measurements: readonly Measurement[]): void;
  /** The reading, at the latest at the collector's deadline; never rejects. */
  read(): Promise<Reading>;
  /** Closes the askers' own instance; one that is at work is closed when it ends. */
  close(): void;
}

/** True for a stream (`log_event_list`): its readings hold what happened since the one before, and are given once. */
export function isStream({ types }: Pick<CollectorDefinition, "types">): boolean {
  return types.some((type) => type.endsWith("_event_list"));
}

/**
 * Makes the shared reading of a collector that the scheduler runs every `intervalMs`. A reading stands until the next one is over its
 * deadline: one that is only on its way must not make askers read themselves, without percentages.
 */
export function sharedReading(
  definition: CollectorDefinition,
  host: Host,
  intervalMs: number,
  settings?: Readonly<Record<string, unknown>>,
): SharedReading {
  const { clock } = host;
  const collector = definition.name;
  // Positions in files are the scheduler's.
  const { stateDirectory: _, ...ownHost } = host;
  const timeToLiveMs = intervalMs + definition.deadlineMs;
  let kept: { readonly measurements: readonly Measurement[]; readonly atMs: number } | undefined;
  let own: Collector | undefined;
  let running: Promise<Reading> | undefined;
  let late: Promise<unknown> | undefined;
  let closed = false;

  const failed = (outcome: Outcome, detail: string): Reading => ({
    collector,
    outcome,
    detail,
    measurements: [],
    ageMs: 0,
  });

  const closeOwn = () => {
    own?.close?.();
    own = undefined;
  };

  const collect = async (): Promise<Reading> => {
    try {
      const availability = definition.detect(ownHost, settings);
      if (availability.status !== "available") return failed(availability.status, availability.reason);
      own ??= definition.create(ownHost, settings);
      const { outcome, detail, measurements, ended } = await runCollector(definition, own, clock);
      if (ended !== undefined) {
        late = ended.finally(() => {
          late = undefined;
          if (closed) closeOwn();
        });
      }
      if (outcome !== "ok") return failed(outcome, detail ?? outcome);
      kept = { measurements, atMs: clock.monotonicMs() };
      return { collector, outcome, measurements, ageMs: 0 };
    } catch (error) {
      return failed("failed", errorChain(error));
    }
  };

  return {
    collector,
    offer(measurements) {
      kept = { measurements, atMs: clock.monotonicMs() };
    },
    async read() {
      const ageMs = clock.monotonicMs() - (kept?.atMs ?? -Infinity);
      if (kept !== undefined && ageMs <= timeToLiveMs) {
        return { collector, outcome: "ok", measurements: kept.measurements, ageMs };
      }
      if (late !== undefined) {
        return failed("timeout", `Collector ${collector} has not ended since it was last asked`);
      }
      running ??= collect().finally(() => {
        running = undefined;
        if (closed && late === undefined) closeOwn();
      });
      return await running;
    },
    close() {
      closed = true;
      if (running === undefined && late === undefined) closeOwn();
    },
  };
}
