/**
 * Runs each collector at its pace, aligned to the wall clock so that hosts line up in a chart.
 *
 * Invariants: one timer, for the next collection that is due; at most one run of a collector at a time; whatever one
 * collector does, the others stay on time. Missed times (suspend, a clock that was set) are made up by one run, not many.
 */
import type { Collector, CollectorDefinition, Host } from "../collectors/collector.ts";
import { errorChain, logger } from "../lib/log.ts";
import type { Measurement, MetricData } from "../protocol/metrics/mod.ts";
import type { CollectorSettings } from "./options.ts";
import { type Outcome, runCollector } from "./collect.ts";

const log = logger("agent", "scheduler");

/** Shortest pace of a collector. */
const shortestIntervalMs = 1_000;

/** From this pace on, hosts are spread over the interval: what is dear and seldom must not run everywhere at once. */
const spreadFromMs = 3_600_000;

/** How often a collector is asked again whether the host has what it reads. */
const detectIntervalMs = 600_000;

/** What a scheduler is made of. */
export interface SchedulerOptions {
  readonly host: Host;
  readonly definitions: readonly CollectorDefinition[];
  readonly settings?: CollectorSettings;
  /** Name of the host, which decides when in their interval seldom collectors run. */
  readonly hostname: string;
  /** The configured bound of the pace, which {@linkcode Scheduler.hurry} respects. */
  readonly minimumIntervalMs: number;
  /** Pace of a collector. */
  intervalMs(definition: CollectorDefinition): number;
  /** Takes what a collector measured at `epochMs`. */
  deliver(measurements: readonly Measurement[], epochMs: number, definition: CollectorDefinition): void;
}

/** How the collectors are doing, as the `agent` envelope says it. */
export type CollectorStates = NonNullable<MetricData<"agent">["collectors"]>;

/** A scheduler at work. */
export interface Scheduler {
  /**
   * Collects `types` at a faster pace for a while; then their own pace comes back by itself. Never slows one down. False
   * when no collector makes any of them.
   */
  hurry(types: readonly string[], intervalMs: number, durationMs: number): boolean;
  states(): CollectorStates;
  /** Stops collecting and closes the collectors; one that hangs is left behind. */
  stop(): void;
}

interface Entry {
  readonly definition: CollectorDefinition;
  readonly ownIntervalMs: number;
  /** Where in its interval it is due, from a multiple of the interval on the wall clock. */
  readonly phaseMs: number;
  collector: Collector | undefined;
  /** On the wall clock. */
  dueMs: number;
  /** On the monotonic clock. */
  detectDueMs: number;
  /** The host does not have what it reads, or does not let us. */
  absent: boolean;
  /** A run has not ended, though its deadline may be over. */
  busy: boolean;
  /** `untilMs` is on the monotonic clock. */
  hurry: { readonly intervalMs: number; readonly untilMs: number } | undefined;
  outcome: Outcome | undefined;
  detail: string | undefined;
  durationUs: number | undefined;
  runs: number;
  failures: number;
}

/** Starts collecting: everything at once first, then each collector at its pace. */
export function startScheduler(
  { host, definitions, settings = {}, hostname, minimumIntervalMs, intervalMs, deliver }: SchedulerOptions,
): Scheduler {
  const { clock } = host;
  let stopped = false;
  let cancelTimer = () => {};
  const entries = definitions.map((definition): Entry => ({
    definition,
    ownIntervalMs: Math.max(shortestIntervalMs, intervalMs(definition)),
    phaseMs: phaseOf(`${hostname} ${definition.name}`, intervalMs(definition)),
    collector: undefined,
    dueMs: -Infinity,
    detectDueMs: -Infinity,
    absent: false,
    busy: false,
    hurry: undefined,
    outcome: undefined,
    detail: undefined,
    durationUs: undefined,
    runs: 0,
    failures: 0,
  }));

  const paceMs = (entry: Entry): number => {
    if (entry.absent) return detectIntervalMs;
    if (entry.hurry !== undefined && clock.monotonicMs() >= entry.hurry.untilMs) entry.hurry = undefined;
    return Math.min(entry.ownIntervalMs, entry.hurry?.intervalMs ?? Infinity);
  };

  const setOutcome = (entry: Entry, outcome: Outcome, detail?: string): void => {
    if (outcome !== entry.outcome || detail !== entry.detail) {
      const collector = entry.definition.name;
      if (outcome === "failed" || outcome === "timeout" || outcome === "denied") {
        log.warning("Collector {collector}: {outcome}: {detail}", { collector, outcome, detail });
      } else {log.debug("Collector {collector}: {outcome} {detail}", {
          collector,
          outcome,
          detail: detail ?? "",
        });}
    }
    entry.outcome = outcome;
    entry.detail = detail;
  };

  const fail = (entry: Entry, outcome: "failed" | "timeout", detail: string): void => {
    entry.failures++;
    setOutcome(entry, outcome, detail);
  };

  /** The entry's collector; `undefined` when the host does not have what it reads. Throws what `detect` throws. */
  const collectorOf = (entry: Entry): Collector | undefined => {
    const nowMs = clock.monotonicMs();
    if (entry.absent || nowMs >= entry.detectDueMs) {
      const availability = entry.definition.detect(host, settings[entry.definition.name]);
      entry.absent = availability.status !== "available";
      if (availability.status === "available") {
        entry.collector ??= entry.definition.create(host, settings[entry.definition.name]);
      } else {
        closeCollector(entry);
        setOutcome(entry, availability.status, availability.reason);
      }
      entry.detectDueMs = nowMs + detectIntervalMs;
    }
    return entry.collector;
  };

  /** `epochMs` is the same for all that are due together, so that their values stand at one time. */
  const run = async (entry: Entry, epochMs: number): Promise<void> => {
    entry.busy = true;
    try {
      const collector = collectorOf(entry);
      if (collector === undefined) return;
      entry.runs++;
      const collection = await runCollector(entry.definition, collector, clock);
      entry.durationUs = Math.round(collection.durationMs * 1_000);
      // Also when the scheduler was stopped meanwhile: what was read from a log is not read again.
      if (collection.outcome === "ok") {
        setOutcome(entry, "ok");
        deliver(collection.measurements, epochMs, entry.definition);
      } else fail(entry, collection.outcome, collection.detail ?? collection.outcome);
      await collection.ended;
    } catch (error) {
      fail(entry, "failed", errorChain(error));
    } finally {
      entry.busy = false;
      if (stopped) closeCollector(entry);
    }
  };

  const tick = (): void => {
    const nowMs = clock.now();
    for (const entry of entries) {
      // Due, or so far ahead that the clock was set back.
      if (nowMs < entry.dueMs && entry.dueMs - nowMs <= paceMs(entry)) continue;
      if (!entry.busy) void run(entry, nowMs);
      entry.dueMs = nextDue(nowMs, paceMs(entry), entry.phaseMs);
    }
    arm();
  };

  const arm = (): void => {
    cancelTimer();
    let nextMs = Infinity;
    for (const { dueMs } of entries) nextMs = Math.min(nextMs, dueMs);
    if (stopped || nextMs === Infinity) return;
    cancelTimer = clock.after(Math.max(0, Math.ceil(nextMs - clock.now())), tick);
  };

  arm();
  return {
    hurry(types, intervalMs, durationMs) {
      const hurry = {
        intervalMs: Math.max(shortestIntervalMs, minimumIntervalMs, intervalMs),
        untilMs: clock.monotonicMs() + durationMs,
      };
      const concerned = entries.filter(({ definition }) =>
        definition.types.some((type) => types.includes(type))
      );
      for (const entry of concerned) {
        entry.hurry = hurry;
        entry.dueMs = Math.min(entry.dueMs, nextDue(clock.now(), paceMs(entry), entry.phaseMs));
      }
      arm();
      return concerned.length > 0;
    },
    states: () => entries.map(stateOf),
    stop() {
      stopped = true;
      cancelTimer();
      for (const entry of entries) if (!entry.busy) closeCollector(entry);
    },
  };
}

/** The next time after `nowMs` on the wall clock that is `phaseMs` past a multiple of `intervalMs`. */
function nextDue(nowMs: number, intervalMs: number, phaseMs: number): number {
  return (Math.floor((nowMs - phaseMs) / intervalMs) + 1) * intervalMs + phaseMs;
}

/** A whole number of seconds below `intervalMs` that depends on `key` only (FNV-1a); 0 for paces that charts line up by. */
function phaseOf(key: string, intervalMs: number): number {
  if (intervalMs < spreadFromMs) return 0;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % Math.floor(intervalMs / 1_000) * 1_000;
}

function closeCollector(entry: Entry): void {
  try {
    entry.collector?.close?.();
  } catch (error) {
    log.debug("Collector {collector} did not close: {error}", { collector: entry.definition.name, error });
  }
  entry.collector = undefined;
}

function stateOf(entry: Entry): CollectorStates[number] {
  return {
    collector: entry.definition.name,
    outcome: entry.outcome ?? "ok",
    ...(entry.detail === undefined ? {} : { detail: entry.detail.slice(0, 4_096) }),
    ...(entry.durationUs === undefined ? {} : { duration_us: entry.durationUs }),
    runs: entry.runs,
    failures: entry.failures,
  };
}
