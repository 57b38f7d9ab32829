/** Cells of a heat strip: many lines over time, averaged into as many columns as fit. */
import { firstAtOrAfter, type SeriesBuffer } from "../state/series_store.ts";

/** Mean of a series in each of `count` equal parts of a time span; `undefined` where it has no value. */
export function binned(
  { times, values }: Pick<SeriesBuffer, "times" | "values">,
  fromMs: number,
  toMs: number,
  count: number,
): (number | undefined)[] {
  const sums = new Float64Array(count);
  const counts = new Uint32Array(count);
  for (let index = firstAtOrAfter(times, fromMs); index < times.length; index++) {
    const time = times[index] ?? Infinity;
    if (time >= toMs) break;
    const value = values[index];
    if (value === null || value === undefined) continue;
    const bin = Math.floor((time - fromMs) / (toMs - fromMs) * count);
    sums[bin] = (sums[bin] ?? 0) + value;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return Array.from(counts, (n, bin) => n === 0 ? undefined : (sums[bin] ?? 0) / n);
}

/** Middles of the rows that are named beside a strip of `count` rows, counted from its foot: about eight of them. */
export function rowMarks(count: number): number[] {
  const every = Math.max(1, 2 ** Math.ceil(Math.log2(count / 8)));
  const marks: number[] = [];
  for (let row = 0; row < count; row += every) marks.push(count - row - 0.5);
  return marks.reverse();
}

/**
 * How many columns to use: as many as fit at `cellPixels` each, but no more than the series has points in the span, so
 * that no column is empty only because it is narrow.
 */
export function columnCount(
  { times }: Pick<SeriesBuffer, "times">,
  fromMs: number,
  toMs: number,
  widthPixels: number,
  cellPixels: number,
): number {
  const fits = Math.max(1, Math.floor(widthPixels / cellPixels));
  const shown = times.slice(firstAtOrAfter(times, fromMs));
  const steps = shown.slice(1).map((time, index) => time - (shown[index] ?? time)).sort((a, b) => a - b);
  // The slowest common pace decides: a watched host reports faster than it did before.
  const step = steps[Math.floor(steps.length * 0.9)] ?? toMs - fromMs;
  return Math.max(1, Math.min(fits, Math.floor((toMs - fromMs) / Math.max(1, step))));
}
