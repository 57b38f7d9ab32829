/** Use of each processor over time as a strip of cells: readable with two processors and with two hundred. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type uPlot from "uplot";
import type { HostView } from "../state/host_view.ts";
import type { SeriesBuffer } from "../state/series_store.ts";
import { formatClock, formatPercent } from "../text/format.ts";
import { colourOf, translucent } from "./colours.ts";
import { binned, columnCount, rowMarks } from "./heat.ts";
import { usePlot } from "./use_plot.ts";

const cellPixels = 4;

/** The strip, in a card of its own; the first processor is on top. */
export function CoreHeat({ view }: { readonly view: HostView }) {
  const heading = useId();
  const hover = useSignal<string | undefined>(undefined);
  const cores = coresOf(view);
  const place = usePlot({
    tick: view.tick,
    window: () => view.window(),
    data() {
      // The cells are painted by `paint`; one column of nothing per time lets the cursor of all charts stand here too.
      const times = coresOf(view)[0]?.times ?? [];
      return [times.map((time) => time / 1000), times.map(() => null)];
    },
    options: () => ({
      top: () => cores.length,
      format: (row) => coresOf(view)[Math.floor(cores.length - row)]?.labels["index"] ?? "",
      marks: () => rowMarks(cores.length),
      series: [{}, {}],
      hooks: {
        draw: [(plot: uPlot) => paint(plot, view)],
        setCursor: [(plot: uPlot) => hover.value = readingAt(plot, view)],
      },
    }),
  }, String(cores.length));
  return (
    <section class="card chart" aria-labelledby={heading}>
      <header>
        <h3 id={heading} title="Use of each logical processor, in percent of its time.">CPU by core</h3>
      </header>
      <div class="plot" ref={place} aria-hidden="true" />
      <div class="legend heat-legend">
        <span class="heat-scale" aria-hidden="true" />
        <span class="number">0–100 %</span>
        <span class="legend-label">{hover.value ?? summary(view)}</span>
      </div>
    </section>
  );
}

/** The processors' series in the order of their numbers. */
function coresOf(view: HostView): SeriesBuffer[] {
  return [...view.store.byName("cpu.cores")].sort((a, b) =>
    Number(a.labels["index"]) - Number(b.labels["index"])
  );
}

function summary(view: HostView): string {
  view.tick.value; // The newest values are read anew at every tick.
  const latest = coresOf(view).map(({ key, labels }) => ({
    index: labels["index"],
    value: view.store.latest(key),
  }));
  const busiest = latest.reduce(
    (most, core) => (core.value ?? -1) > (most?.value ?? -1) ? core : most,
    latest[0],
  );
  return busiest?.value === undefined
    ? "No values now"
    : `Busiest: core ${busiest.index}, ${formatPercent(busiest.value)}`;
}

function paint(plot: uPlot, view: HostView): void {
  const cores = coresOf(view);
  const first = cores[0];
  if (first === undefined) return;
  const { fromMs, toMs } = view.window();
  const { left, top, width, height } = plot.bbox;
  const count = columnCount(first, fromMs, toMs, width / devicePixelRatio, cellPixels);
  const rowHeight = height / cores.length;
  const columnWidth = width / count;
  const separator = rowHeight >= 6 * devicePixelRatio ? devicePixelRatio : 0;
  const shades = Array.from(
    { length: 17 },
    (_, step) => translucent("--series-blue", 0.06 + 0.94 * step / 16),
  );
  plot.ctx.fillStyle = colourOf("--surface");
  plot.ctx.fillRect(left, top, width, height); // Over the grid, which would shine through.
  cores.forEach((core, row) => {
    binned(core, fromMs, toMs, count).forEach((value, column) => {
      if (value === undefined) return;
      plot.ctx.fillStyle = shades[Math.round(Math.min(100, Math.max(0, value)) / 100 * 16)] ?? "";
      const x = Math.round(left + column * columnWidth);
      const y = Math.round(top + row * rowHeight);
      plot.ctx.fillRect(
        x,
        y,
        Math.round(left + (column + 1) * columnWidth) - x,
        Math.max(1, Math.round(top + (row + 1) * rowHeight) - y - separator),
      );
    });
  });
}

function readingAt(plot: uPlot, view: HostView): string | undefined {
  const { left, top, idx } = plot.cursor;
  if (idx === null || idx === undefined || left === undefined || left < 0 || top === undefined || top < 0) {
    return undefined;
  }
  const cores = coresOf(view);
  const core = cores[Math.min(cores.length - 1, Math.floor(top / plot.over.clientHeight * cores.length))];
  const time = core?.times[idx];
  if (core === undefined || time === undefined) return undefined;
  return `Core ${core.labels["index"]} at ${formatClock(time)}: ${formatPercent(core.values[idx])}`;
}
