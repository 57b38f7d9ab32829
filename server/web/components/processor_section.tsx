/** Processor, memory and what they are waited for. */
import type { HostDetail, HostSummary } from "../../../protocol/api.ts";
import { Chart } from "../charts/chart.tsx";
import { CoreHeat } from "../charts/core_heat.tsx";
import {
  cpuLines,
  loadLines,
  memoryLines,
  pressureLines,
  swapLines,
  swapTrafficLines,
} from "../charts/host_lines.ts";
import type { HostView } from "../state/host_view.ts";
import { latestOf, numberIn } from "../state/latest.ts";
import { formatByteRate, formatBytes, formatLoad, formatPercent } from "../text/format.ts";

/** What the section is about. */
export interface ProcessorSectionProps {
  readonly view: HostView;
  readonly host: HostSummary;
  readonly detail: HostDetail;
}

/** The section's charts. */
export function ProcessorSection({ view, host, detail }: ProcessorSectionProps) {
  view.tick.value; // Which series there are is looked at anew at every tick.
  const { store } = view;
  const memory = latestOf(detail, "memory");
  const logicalCount = numberIn(latestOf(detail, "cpu"), "logical_count") ?? host.info.cpu_cores ?? 1;
  const memoryTotal = numberIn(memory, "ram_total") ?? host.info.ram_total;
  const swapTotal = numberIn(memory, "swap_total") ?? 0;
  const pressure = pressureLines(store);
  const cores = store.byName("cpu.cores").length;
  return (
    <>
      <h2>Processor and memory</h2>
      <div class="charts">
        <Chart
          title="CPU by mode"
          help="Share of all processors' time. I/O wait is idle time with I/O outstanding; steal was taken by the hypervisor."
          view={view}
          lines={cpuLines(store, logicalCount)}
          stack
          format={formatPercent}
          top="percent"
        />
        {cores > 1 && <CoreHeat view={view} />}
        <Chart
          title="Memory"
          help="Used is what programs hold; cache can be given back at once."
          view={view}
          lines={memoryLines(store)}
          stack
          format={formatBytes}
          top={memoryTotal === undefined ? { atLeast: 1024 } : { fixed: memoryTotal }}
          binary
        />
        <Chart
          title="Load average"
          help="Tasks running or waiting, on Linux also those in disk wait. More than the host has processors means that tasks wait."
          view={view}
          lines={loadLines(store)}
          format={formatLoad}
          top={{ atLeast: 1 }}
        />
        {pressure.length > 0 && (
          <Chart
            title="Pressure"
            help="Share of time in which at least one task stood still for want of a resource; full: all of them did."
            view={view}
            lines={pressure}
            format={formatPercent}
            top="percent"
          />
        )}
        {swapTotal > 0 && (
          <>
            <Chart
              title="Swap"
              help="Swap space in use. Use alone is harmless; traffic is not."
              view={view}
              lines={swapLines(store)}
              format={formatBytes}
              top={{ fixed: swapTotal }}
              binary
            />
            <Chart
              title="Swap traffic"
              help="Memory read back from and written to swap."
              view={view}
              lines={swapTrafficLines(store)}
              format={formatByteRate}
              top={{ atLeast: 16 * 1024 }}
              binary
            />
          </>
        )}
      </div>
    </>
  );
}
