/** From series to what a chart draws: one column of times, one of values per line. */
import { firstAtOrAfter, type SeriesBuffer, type SeriesStore } from "../state/series_store.ts";

/** A part of a line: a series, times a factor. */
export interface Term {
  readonly key: string;
  readonly weight: number;
}

/** A line of a chart: the sum of its terms. */
export interface Line {
  readonly label: string;
  /** Custom property of the style sheet that holds its colour: `--series-blue`. */
  readonly colour: string;
  readonly terms: readonly Term[];
}

/** A value; `null` marks a gap, `undefined` that this line has no point at this time (the chart draws past it). */
export type Cell = number | null | undefined;

/** What a chart draws. */
export interface PlotData {
  /** Unix milliseconds, growing. */
  readonly times: readonly number[];
  /** As many cells as times, for each line. */
  readonly columns: readonly (readonly Cell[])[];
}

/** A line of one series. */
export function lineOf(label: string, colour: string, key: string, weight = 1): Line {
  return { label, colour, terms: [{ key, weight }] };
}

/**
 * The lines' values between two times, with one point before the first so that lines enter from the edge. A term that has
 * no series counts as 0; a line of which no term has one is `undefined` throughout.
 */
export function plotData(
  store: Pick<SeriesStore, "get">,
  lines: readonly Line[],
  fromMs: number,
  toMs: number,
): PlotData {
  const times = timesOf(lines.flatMap(({ terms }) => terms.map(({ key }) => store.get(key))), fromMs, toMs);
  const indexOf = new Map(times.map((time, index) => [time, index]));
  const columns = lines.map(({ terms }) => {
    const column: Cell[] = new Array(times.length).fill(undefined);
    for (const { key, weight } of terms) {
      const buffer = store.get(key);
      if (buffer !== undefined) addInto(column, buffer, weight, indexOf, fromMs, toMs);
    }
    return column;
  });
  return { times, columns };
}

function timesOf(buffers: readonly (SeriesBuffer | undefined)[], fromMs: number, toMs: number): number[] {
  const all = new Set<number>();
  for (const buffer of buffers) {
    if (buffer === undefined) continue;
    for (const index of shownIndices(buffer, fromMs, toMs)) {
      const time = buffer.times[index];
      if (time !== undefined) all.add(time);
    }
  }
  return [...all].sort((a, b) => a - b);
}

function* shownIndices({ times }: SeriesBuffer, fromMs: number, toMs: number): Generator<number> {
  const first = Math.max(0, firstAtOrAfter(times, fromMs) - 1);
  for (let index = first; index < times.length && (times[index] ?? Infinity) <= toMs; index++) yield index;
}

function addInto(
  column: Cell[],
  buffer: SeriesBuffer,
  weight: number,
  indexOf: ReadonlyMap<number, number>,
  fromMs: number,
  toMs: number,
): void {
  for (const index of shownIndices(buffer, fromMs, toMs)) {
    const at = indexOf.get(buffer.times[index] ?? NaN);
    const value = buffer.values[index];
    if (at === undefined || value === undefined) continue;
    const before = column[at];
    // A gap in one term is a gap in the sum: a sum of the others would look like a fall.
    column[at] = value === null || before === null ? null : (before ?? 0) + value * weight;
  }
}

/**
 * Columns on top of each other: each is its own values plus those below it. A time at which any column has a gap is a gap
 * in all; a column without a point counts as 0.
 */
export function stacked(columns: readonly (readonly Cell[])[]): Cell[][] {
  const height = columns[0]?.length ?? 0;
  const sums: Cell[][] = columns.map(() => new Array(height).fill(undefined));
  for (let row = 0; row < height; row++) {
    let sum = 0;
    const gap = columns.some((column) => column[row] === null);
    columns.forEach((column, index) => {
      sum += column[row] ?? 0;
      const into = sums[index];
      if (into !== undefined) into[row] = gap ? null : sum;
    });
  }
  return sums;
}

/** Last value of a column that is neither a gap nor missing; `undefined` when the column ends in a gap. */
export function lastValue(column: readonly Cell[]): number | undefined {
  for (let index = column.length - 1; index >= 0; index--) {
    const cell = column[index];
    if (cell === null) return undefined;
    if (cell !== undefined) return cell;
  }
  return undefined;
}

/** Top of a percentage axis that shows `largest`: a few fixed steps, so that it stands still. */
export function percentTop(largest: number): number {
  return [10, 25, 50, 100].find((top) => largest <= top) ?? Math.ceil(largest / 100) * 100;
}

/** Top of an axis that shows `largest` with some air above it, and at least `smallest` so that noise looks like noise. */
export function roomyTop(largest: number, smallest: number): number {
  return Math.max(smallest, largest * 1.08);
}
