/** A chart of lines or of areas on top of each other, with a legend that reads the newest values or those under the cursor. */
import { type Signal, useSignal } from "@preact/signals";
import { useId, useMemo } from "preact/hooks";
import type uPlot from "uplot";
import type { HostView } from "../state/host_view.ts";
import { formatClock } from "../text/format.ts";
import { colourOf, translucent } from "./colours.ts";
import { lastValue, type Line, percentTop, type PlotData, plotData, roomyTop, stacked } from "./plot_data.ts";
import { usePlot } from "./use_plot.ts";

/** What a chart shows. */
export interface ChartProps {
  readonly title: string;
  /** One sentence on what the values mean. */
  readonly help: string;
  readonly view: HostView;
  readonly lines: readonly Line[];
  /** Areas on top of each other. */
  readonly stack?: boolean;
  readonly format: (value: number | null | undefined) => string;
  /** Top of the value axis: steps of percent, a fixed value, or as large as the data and at least this. */
  readonly top: "percent" | { readonly fixed: number } | { readonly atLeast: number };
  /** Bytes have axis values in powers of two. */
  readonly binary?: boolean;
}

/** Labels with more characters than this need wider places in the legend. */
const longLabel = 14;

/** Powers of two up to the largest exact integer. */
const binarySteps = Array.from({ length: 53 }, (_, exponent) => 2 ** exponent);

/** The chart, in a card of its own. */
export function Chart(props: ChartProps) {
  const { title, help, view, lines, stack = false } = props;
  const heading = useId();
  const drawn = useSignal<PlotData>({ times: [], columns: [] });
  const hovered = useSignal<number | undefined>(undefined);
  const place = usePlot(
    {
      tick: view.tick,
      window: () => view.window(),
      data() {
        const { fromMs, toMs } = view.window();
        drawn.value = plotData(view.store, lines, fromMs, toMs);
        const { times, columns } = drawn.value;
        return [
          times.map((time) => time / 1000),
          ...(stack ? stacked(columns) : columns.map((column) => [...column])),
        ];
      },
      options: () => ({
        top: topOf(props.top),
        format: props.format,
        ...props.binary ? { steps: binarySteps } : {},
        series: [{}, ...lines.map((line) => seriesOf(line, stack))],
        ...stack
          ? {
            bands: lines.slice(1).map((_, index) => ({ series: [index + 2, index + 1] as [number, number] })),
          }
          : {},
        hooks: { setCursor: [(plot: uPlot) => hovered.value = plot.cursor.idx ?? undefined] },
      }),
    },
    `${stack}|${
      lines.map(({ label, terms }) => label + terms.map(({ key, weight }) => key + weight)).join("|")
    }`,
  );
  return (
    <section class="card chart" aria-labelledby={heading}>
      <header>
        <h3 id={heading} title={help}>{title}</h3>
        <HoveredTime drawn={drawn} hovered={hovered} />
      </header>
      <div class="plot" ref={place} aria-hidden="true" />
      <Legend {...props} drawn={drawn} hovered={hovered} />
    </section>
  );
}

function topOf(top: ChartProps["top"]): (largest: number) => number {
  if (top === "percent") return percentTop;
  return "fixed" in top ? () => top.fixed : (largest) => roomyTop(largest, top.atLeast);
}

function seriesOf(line: Line, stack: boolean): uPlot.Series {
  return {
    label: line.label,
    width: stack ? 0 : 1.5,
    stroke: () => colourOf(line.colour),
    ...stack ? { fill: () => translucent(line.colour, 0.8) } : {},
    points: { show: false },
  };
}

interface Reading {
  readonly drawn: Signal<PlotData>;
  readonly hovered: Signal<number | undefined>;
}

function HoveredTime({ drawn, hovered }: Reading) {
  const time = hovered.value === undefined ? undefined : drawn.value.times[hovered.value];
  return <span class="chart-time" aria-hidden="true">{time === undefined ? "" : formatClock(time)}</span>;
}

function Legend({ lines, format, drawn, hovered }: ChartProps & Reading) {
  const index = hovered.value;
  const values = useMemo(
    () => drawn.value.columns.map((column) => index === undefined ? lastValue(column) : column[index]),
    [drawn.value, index],
  );
  return (
    <ul class={lines.some(({ label }) => label.length > longLabel) ? "legend roomy" : "legend"}>
      {lines.map(({ label, colour }, at) => (
        <li key={label}>
          <span class="swatch" style={{ background: `var(${colour})` }} aria-hidden="true" />
          <span class="legend-label">{label}</span>
          <span class="number">{format(values[at])}</span>
        </li>
      ))}
    </ul>
  );
}
