/**
 * The points that a host page draws: what the server's history gave, and what the live feed adds to it.
 *
 * Invariants: the times of a series only grow; a `null` marks a gap, so that a chart never draws a line across a time
 * that nobody measured; nothing older than what the page shows is kept.
 */
import type { Series } from "../../../protocol/api.ts";
import { parseSeriesKey, seriesNameOf } from "./series_key.ts";

/** One series in memory. */
export interface SeriesBuffer {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds. */
  readonly times: number[];
  readonly values: (number | null)[];
}

/** The series of one host. */
export interface SeriesStore {
  /** Puts the server's history in place of what is here, keeping live points that are newer. */
  load(series: readonly Series[]): void;
  /** Adds live values measured at `atMs`. Values of names that the store does not keep are left out. */
  append(atMs: number, values: Readonly<Record<string, number>>): void;
  /** Forgets points before `beforeMs`, and series that have none left. */
  trim(beforeMs: number): void;
  get(key: string): SeriesBuffer | undefined;
  /** All series of a name, in the order in which they came. */
  byName(name: string): readonly SeriesBuffer[];
  /** Newest value of a series, unless it ends in a gap. */
  latest(key: string): number | undefined;
}

/** Shortest silence that is a gap, whatever the pace. */
const shortestGapMs = 15_000;

/** Silence that is a gap where only one point is known, so that the pace is not. */
const unknownPaceGapMs = 90_000;

/** A silence of so many intervals is a gap. */
const gapIntervals = 3;

/** Makes an empty store for the series names in `names`. */
export function seriesStore(names: ReadonlySet<string>): SeriesStore {
  const buffers = new Map<string, SeriesBuffer>();
  const nameIndex = new Map<string, SeriesBuffer[]>();

  function add(name: string, buffer: SeriesBuffer): void {
    buffers.set(buffer.key, buffer);
    const siblings = nameIndex.get(name);
    if (siblings === undefined) nameIndex.set(name, [buffer]);
    else siblings.push(buffer);
  }

  function made(key: string): SeriesBuffer | undefined {
    const identity = parseSeriesKey(key);
    if (identity === undefined) return undefined;
    const buffer: SeriesBuffer = { key, labels: identity.labels, times: [], values: [] };
    add(identity.name, buffer);
    return buffer;
  }

  return {
    load(series) {
      const before = new Map(buffers);
      buffers.clear();
      nameIndex.clear();
      for (const { key, name, labels, times, values } of series) {
        if (!names.has(name)) continue;
        const buffer: SeriesBuffer = { key, labels, times: [...times], values: [...values] };
        add(name, buffer);
        const old = before.get(key);
        if (old !== undefined) appendNewer(buffer, old);
        before.delete(key);
      }
      // A series that began after the server looked is only known from the live feed.
      for (const [key, buffer] of before) add(seriesNameOf(key), buffer);
    },
    append(atMs, values) {
      for (const [key, value] of Object.entries(values)) {
        if (!names.has(seriesNameOf(key))) continue;
        const buffer = buffers.get(key) ?? made(key);
        if (buffer !== undefined) insert(buffer, atMs, value);
      }
    },
    trim(beforeMs) {
      for (const [key, { times, values }] of buffers) {
        const keepFrom = firstAtOrAfter(times, beforeMs);
        if (keepFrom === 0) continue;
        times.splice(0, keepFrom);
        values.splice(0, keepFrom);
        if (times.length > 0) continue;
        buffers.delete(key);
        const name = seriesNameOf(key);
        nameIndex.set(name, (nameIndex.get(name) ?? []).filter((buffer) => buffer.key !== key));
      }
    },
    get: (key) => buffers.get(key),
    byName: (name) => nameIndex.get(name) ?? [],
    latest: (key) => buffers.get(key)?.values.at(-1) ?? undefined,
  };
}

function appendNewer(buffer: SeriesBuffer, newer: SeriesBuffer): void {
  const last = buffer.times.at(-1) ?? -Infinity;
  for (let index = firstAtOrAfter(newer.times, last + 1); index < newer.times.length; index++) {
    const time = newer.times[index];
    const value = newer.values[index];
    if (time === undefined || value === undefined) break;
    buffer.times.push(time);
    buffer.values.push(value);
  }
}

/** Puts a point where it belongs: mostly at the end, earlier when an agent delivers what it could not send before. */
function insert({ times, values }: SeriesBuffer, atMs: number, value: number): void {
  const last = times.at(-1);
  if (last === undefined || atMs > last) {
    if (last !== undefined && values.at(-1) !== null && atMs - last > gapAfter(times)) {
      times.push(last + 1);
      values.push(null);
    }
    times.push(atMs);
    values.push(value);
    return;
  }
  const index = firstAtOrAfter(times, atMs);
  if (times[index] === atMs) values[index] = value;
  else {
    times.splice(index, 0, atMs);
    values.splice(index, 0, value);
  }
}

function gapAfter(times: readonly number[]): number {
  const last = times.at(-1);
  const previous = times.at(-2);
  if (last === undefined || previous === undefined) return unknownPaceGapMs;
  return Math.max(shortestGapMs, gapIntervals * (last - previous));
}

/** Index of the first time that is not before `atMs`; the length when there is none. */
export function firstAtOrAfter(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
