/**
 * Counters become per-second rates here, and nowhere else.
 *
 * A rate exists only between two readings of one source. Where the counter or the clock went backwards, or the host
 * booted in between, the source started again: that is a gap, not a negative or an absurd number.
 */
import type { Envelope } from "../protocol/envelope.ts";
import { samplesOf, seriesDefinitions, seriesKey } from "../protocol/series.ts";

/** One reading of a counter. */
export interface Reading {
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly value: number;
}

/** Readings closer together than this give no rate: after a clock was set back it would be absurd. */
const minSpacingMs = 200;

/** Most counters followed per host; the one not read for longest is forgotten first. */
const maxReadings = 50_000;

/** Per-second rate between two readings; `undefined` where there is none. */
export function ratePerSecond(previous: Reading | undefined, next: Reading): number | undefined {
  if (previous === undefined) return undefined;
  const elapsedMs = next.atMs - previous.atMs;
  const grown = next.value - previous.value;
  if (elapsedMs < minSpacingMs || grown < 0) return undefined;
  return grown * 1000 / elapsedMs;
}

/** The boot that an envelope names, `undefined` where it names none. */
export function bootIdOf(envelope: Envelope): string | undefined {
  return envelope.type === "system" ? envelope.data.boot_id : undefined;
}

/** Values of one host at one time, by series key; counters are per-second rates, and absent where there is none. */
export interface LiveValues {
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly values: ReadonlyMap<string, number>;
}

/** Follows the counters of one host. */
export interface RateTracker {
  /** The values of a batch, one element per timestamp, in the order of time. */
  take(envelopes: readonly Envelope[]): LiveValues[];
}

/** Makes a tracker that has seen nothing: the first reading of each counter gives no rate. */
export function createRateTracker(): RateTracker {
  const previous = new Map<string, Reading>();
  let bootId: string | undefined;
  return {
    take(envelopes) {
      for (const envelope of envelopes) {
        const boot = bootIdOf(envelope);
        if (boot !== undefined && bootId !== undefined && boot !== bootId) previous.clear();
        bootId = boot ?? bootId;
      }
      const byTime = new Map<number, Map<string, number>>();
      for (const { atMs, envelope } of inTimeOrder(envelopes)) {
        const values = byTime.get(atMs) ?? new Map<string, number>();
        byTime.set(atMs, values);
        for (const { name, labels, value } of samplesOf(envelope.type, envelope.data)) {
          const key = seriesKey(name, labels);
          if (seriesDefinitions().get(name)?.measure.kind !== "counter") {
            values.set(key, value);
            continue;
          }
          const reading = { atMs, value };
          const rate = ratePerSecond(previous.get(key), reading);
          if (rate !== undefined) values.set(key, rate);
          remember(key, reading);
        }
      }
      return [...byTime].map(([atMs, values]) => ({ atMs, values }));
    },
  };

  function remember(key: string, reading: Reading): void {
    previous.delete(key); // and back in, as the most recently read
    previous.set(key, reading);
    if (previous.size <= maxReadings) return;
    for (const oldest of previous.keys()) return void previous.delete(oldest);
  }
}

function inTimeOrder(envelopes: readonly Envelope[]): { atMs: number; envelope: Envelope }[] {
  return envelopes
    .map((envelope) => ({ atMs: Date.parse(envelope.timestamp), envelope }))
    .sort((one, other) => one.atMs - other.atMs);
}
