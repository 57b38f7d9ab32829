/** From envelopes to series: gathered in any order, then put in order, made into rates, with gaps marked. */
import type { Series } from "../../protocol/api.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { type Labels, samplesOf, seriesDefinitions, seriesKey } from "../../protocol/series.ts";
import { bootIdOf, ratePerSecond, type Reading } from "../rates.ts";

/** Bounds of one answer. */
export const seriesLimits = { series: 5000, points: 1_000_000 } as const;

/** A gap is marked where two points are further apart than this many times the usual distance, and than this time. */
const gap = { timesMedian: 3, minMs: 15_000 } as const;

interface Gathered {
  readonly name: string;
  readonly labels: Labels;
  readonly points: Reading[];
}

/** Gathers the points of the series that were asked for. */
export interface SeriesBuilder {
  /** Takes in envelopes in any order; false once there is more than {@linkcode seriesLimits} allows. */
  add(envelopes: readonly Envelope[]): boolean;
  /** The series, by name and labels. */
  build(): Series[];
}

/** Gathers series of `names` within a range of time (Unix ms, both ends included). With `raw` counters stay counters. */
export function createSeriesBuilder(request: {
  readonly names: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly raw: boolean;
}): SeriesBuilder {
  const wanted = new Set(request.names);
  const gathered = new Map<string, Gathered>();
  const boots: { readonly atMs: number; readonly bootId: string }[] = [];
  let points = 0;
  return {
    add(envelopes) {
      for (const envelope of envelopes) {
        const atMs = Date.parse(envelope.timestamp);
        if (atMs < request.fromMs || atMs > request.toMs) continue;
        const bootId = bootIdOf(envelope);
        if (bootId !== undefined) boots.push({ atMs, bootId });
        for (const { name, labels, value } of samplesOf(envelope.type, envelope.data)) {
          if (!wanted.has(name)) continue;
          const key = seriesKey(name, labels);
          let series = gathered.get(key);
          if (series === undefined) gathered.set(key, series = { name, labels, points: [] });
          series.points.push({ atMs, value });
          points++;
        }
      }
      return points <= seriesLimits.points && gathered.size <= seriesLimits.series;
    },
    build() {
      const bootTimes = bootTimesOf(boots);
      return [...gathered]
        .map(([key, series]) => seriesOf(key, series, request.raw, bootTimes))
        .sort(byNameAndLabels);
    },
  };
}

/** When the host was first seen after each boot. */
function bootTimesOf(boots: { readonly atMs: number; readonly bootId: string }[]): number[] {
  boots.sort((one, other) => one.atMs - other.atMs);
  return boots.filter(({ bootId }, index) => index > 0 && boots[index - 1]?.bootId !== bootId)
    .map(({ atMs }) => atMs);
}

function seriesOf(key: string, gathered: Gathered, raw: boolean, bootTimes: readonly number[]): Series {
  const { name, labels } = gathered;
  const measure = seriesDefinitions().get(name)?.measure;
  const rate = measure?.kind === "counter" && !raw;
  const points = inOrder(gathered.points);
  const maxDistanceMs = Math.max(gap.minMs, gap.timesMedian * medianDistance(points));
  const times: number[] = [];
  const values: (number | null)[] = [];
  let previous: Reading | undefined;
  for (const point of points) {
    const isGap = previous !== undefined && point.atMs - previous.atMs > maxDistanceMs;
    if (isGap && previous !== undefined) {
      times.push(previous.atMs + 1); // right after the last point, so that a line ends there
      values.push(null);
    }
    if (!rate) {
      times.push(point.atMs);
      values.push(point.value);
    } else if (previous !== undefined) {
      const since = previous.atMs;
      const booted = bootTimes.some((atMs) => atMs > since && atMs <= point.atMs);
      times.push(point.atMs);
      values.push(isGap || booted ? null : ratePerSecond(previous, point) ?? null);
    }
    previous = point;
  }
  return { key, name, labels, unit: measure?.unit ?? "1", rate, times, values };
}

/** By time, one point per time: the one that came last. */
function inOrder(points: readonly Reading[]): Reading[] {
  const sorted = [...points].sort((one, other) => one.atMs - other.atMs);
  return sorted.filter((point, index) => sorted[index + 1]?.atMs !== point.atMs);
}

function medianDistance(points: readonly Reading[]): number {
  const distances = points.slice(1).map((point, index) => point.atMs - (points[index]?.atMs ?? point.atMs));
  distances.sort((one, other) => one - other);
  return distances[Math.floor(distances.length / 2)] ?? 0;
}

const naturally = new Intl.Collator("en", { numeric: true });

/** `cores{index="2"}` before `cores{index="10"}`. */
function byNameAndLabels(one: Series, other: Series): number {
  return naturally.compare(one.key, other.key);
}
