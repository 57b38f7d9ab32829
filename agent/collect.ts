/** Runs collectors: one under its deadline, or all of them once. */
import type { Collector, CollectorDefinition, Host } from "../collectors/collector.ts";
import { type Clock, DeadlineError, sleep, timestampOf, withDeadline } from "../lib/clock.ts";
import { errorChain } from "../lib/log.ts";
import type { Envelope } from "../protocol/envelope.ts";
import type { Measurement, MetricType } from "../protocol/metrics/mod.ts";
import type { CollectorSettings } from "./options.ts";

/** How a collector is doing: `outcome` of its entry in the `agent` envelope. */
export type Outcome = "ok" | "unsupported" | "denied" | "failed" | "timeout";

/** What one collection gave. */
export interface Collection {
  readonly outcome: Extract<Outcome, "ok" | "failed" | "timeout">;
  /** Why, when the outcome is not `ok`. */
  readonly detail?: string;
  readonly measurements: readonly Measurement[];
  /** How long it took; what other collectors do meanwhile on this thread counts only where it had to wait. */
  readonly durationMs: number;
  /** After a timeout: resolves when the collector has really ended, which may be never. Does not reject. */
  readonly ended?: Promise<unknown>;
}

/** Runs one collection; never rejects, and resolves at the latest at the collector's deadline. */
export async function runCollector(
  definition: CollectorDefinition,
  collector: Collector,
  clock: Clock,
): Promise<Collection> {
  const startedMs = clock.monotonicMs();
  const durationMs = () => clock.monotonicMs() - startedMs;
  try {
    const result = collector.collect();
    // Most collectors answer at once and need no timer.
    if (!(result instanceof Promise)) {
      return { outcome: "ok", measurements: result, durationMs: durationMs() };
    }
    return { ...await bounded(definition, result, clock), durationMs: durationMs() };
  } catch (error) {
    return { outcome: "failed", detail: errorChain(error), measurements: [], durationMs: durationMs() };
  }
}

async function bounded(
  definition: CollectorDefinition,
  work: Promise<Measurement[]>,
  clock: Clock,
): Promise<Omit<Collection, "durationMs">> {
  try {
    const what = `Collector ${definition.name}`;
    return { outcome: "ok", measurements: await withDeadline(clock, definition.deadlineMs, what, work) };
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    return { outcome: "timeout", detail: error.message, measurements: [], ended: Promise.allSettled([work]) };
  }
}

/** Envelopes of measurements that were made together. */
export function envelopesOf(
  measurements: readonly Measurement[],
  epochMs: number,
  hostname: string,
): Envelope[] {
  const timestamp = timestampOf(epochMs);
  return measurements.map((measurement) => ({ ...measurement, timestamp, hostname }));
}

/** Why a collector gave nothing. */
export interface CollectorProblem {
  readonly collector: string;
  readonly outcome: Exclude<Outcome, "ok">;
  readonly detail: string;
}

/** Time between the two readings of {@linkcode collectOnce}. */
const readingsApartMs = 1_000;

/** Collectors that run seldom are dear (a package manager, a drive's log) and derive nothing from two readings: one is enough. */
export function isSeldom({ intervalSeconds }: CollectorDefinition): boolean {
  return intervalSeconds >= 300;
}

/**
 * What the collectors of this host see now: two readings a second apart, so that what needs two (percentages) is there.
 * The second is given.
 *
 * @param options.settings What is configured for each collector.
 * @param options.types Only these types, and only the collectors that make them; all when absent.
 */
export async function collectOnce(
  definitions: readonly CollectorDefinition[],
  host: Host,
  hostname: string,
  options: { readonly types?: readonly MetricType[]; readonly settings?: CollectorSettings } = {},
): Promise<{ envelopes: Envelope[]; problems: CollectorProblem[] }> {
  const { types, settings = {} } = options;
  const wanted = (type: MetricType) => types === undefined || types.includes(type);
  const problems: CollectorProblem[] = [];
  const envelopes: Envelope[] = [];
  const running: { definition: CollectorDefinition; collector: Collector }[] = [];

  const read = async (collectors: typeof running) => {
    const startedMs = host.clock.now();
    return await Promise.all(collectors.map(async ({ definition, collector }) => ({
      definition,
      collector,
      collection: await runCollector(definition, collector, host.clock),
      startedMs,
    })));
  };

  for (const definition of definitions) {
    if (!definition.types.some(wanted)) continue;
    try {
      const availability = definition.detect(host, settings[definition.name]);
      if (availability.status === "available") {
        running.push({ definition, collector: definition.create(host, settings[definition.name]) });
      } else {
        const { status: outcome, reason: detail } = availability;
        problems.push({ collector: definition.name, outcome, detail });
      }
    } catch (error) {
      problems.push({ collector: definition.name, outcome: "failed", detail: errorChain(error) });
    }
  }
  try {
    const once = running.filter(({ definition }) => isSeldom(definition));
    const twice = running.filter(({ definition }) => !isSeldom(definition));
    const [collected] = await Promise.all([read(once), read(twice)]);
    await sleep(host.clock, readingsApartMs);
    collected.push(...await read(twice));
    for (const { definition, collection, startedMs } of collected) {
      const { outcome, detail, measurements } = collection;
      if (outcome !== "ok") problems.push({ collector: definition.name, outcome, detail: detail ?? outcome });
      const chosen = measurements.filter(({ type }) => wanted(type));
      envelopes.push(...envelopesOf(chosen, startedMs, hostname));
    }
  } finally {
    for (const { collector } of running) collector.close?.();
  }
  return { envelopes, problems };
}
