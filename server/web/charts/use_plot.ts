/** A uPlot in a component: made when it is shown, drawn when data or colours change, as wide as its place. */
import { effect, type ReadonlySignal, untracked } from "@preact/signals";
import { type RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatClock, formatShortClock } from "../text/format.ts";
import { themeVersion } from "../state/theme.ts";
import { colourOf } from "./colours.ts";

/** What a chart is made of. */
export interface PlotSource {
  /** Series, bands, scales, hooks; size, axes of time and cursor are the same for all charts. */
  options(): Pick<uPlot.Options, "series" | "bands" | "hooks"> & {
    /** Top of the value axis for what is drawn. */
    readonly top: (largest: number) => number;
    /** How values read on the axis. */
    readonly format: (value: number) => string;
    /** Distances between values that the axis may use; uPlot's own when absent. */
    readonly steps?: number[];
    /** The values that the axis names, where they are not multiples of a step. */
    readonly marks?: (plot: uPlot) => number[];
  };
  /** What is drawn now. Times in Unix seconds. */
  data(): uPlot.AlignedData;
  /** The time span that is shown, Unix milliseconds. */
  window(): { readonly fromMs: number; readonly toMs: number };
  /** Changes when there is something new to draw. */
  readonly tick: ReadonlySignal<number>;
}

/** Height of every plot: they stand in rows. */
const heightPixels = 168;

const axisFont = '11px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Shows a plot in the element of the reference returned; made anew when `identity` changes. */
export function usePlot(source: PlotSource, identity: string): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null);
  const current = useRef(source);
  current.current = source;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const plot = new uPlot(
      fullOptions(current.current, element.clientWidth),
      current.current.data(),
      element,
    );
    const resizing = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== plot.width) {
        plot.setSize({ width: element.clientWidth, height: heightPixels });
      }
    });
    resizing.observe(element);
    let onScreen = true;
    const draw = () => untracked(() => plot.setData(current.current.data()));
    const watching = new IntersectionObserver((entries) => {
      onScreen = entries.at(-1)?.isIntersecting === true;
      if (onScreen) draw();
    }, { rootMargin: "200px" });
    watching.observe(element);
    const stop = effect(() => {
      source.tick.value;
      themeVersion.value;
      if (onScreen) draw();
    });
    return () => {
      stop();
      resizing.disconnect();
      watching.disconnect();
      plot.destroy();
    };
  }, [identity, source.tick]);
  return place;
}

function fullOptions(source: PlotSource, width: number): uPlot.Options {
  const { top, format, steps, marks, series, bands, hooks } = source.options();
  const axis: uPlot.Axis = {
    font: axisFont,
    stroke: () => colourOf("--text-muted"),
    grid: { stroke: () => colourOf("--grid"), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  return {
    width,
    height: heightPixels,
    padding: [8, 18, 0, 0],
    series: [{}, ...series.slice(1)],
    ...bands === undefined ? {} : { bands },
    ...hooks === undefined ? {} : { hooks },
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      sync: { key: "host" },
      points: { size: 5 },
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { fromMs, toMs } = source.window();
          return [fromMs / 1000, toMs / 1000];
        },
      },
      y: { range: (_plot, _smallest, largest) => [0, top(largest ?? 0)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        space: 72,
        values: (_plot, splits, _axis, _space, step) =>
          splits.map((seconds) => step < 60 ? formatClock(seconds * 1000) : formatShortClock(seconds * 1000)),
      },
      {
        ...axis,
        size: 68,
        space: 32,
        values: (_plot, splits) => splits.map((value) => format(value)),
        ...steps === undefined ? {} : { incrs: steps },
        ...marks === undefined ? {} : { splits: marks },
      },
    ],
  };
}
