/** One host, live. */
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
import { AgentCard } from "../components/agent_card.tsx";
import { DiskIoSection } from "../components/disk_io_section.tsx";
import { FileSystems } from "../components/file_systems.tsx";
import { HostHeader } from "../components/host_header.tsx";
import { Link } from "../components/link.tsx";
import { Message } from "../components/message.tsx";
import { NetworkSection } from "../components/network_section.tsx";
import { SocketCard } from "../components/socket_card.tsx";
import { hosts } from "../state/hosts.ts";
import { type HostView, span, spans } from "../state/host_view.ts";
import { latestOf, numberIn } from "../state/latest.ts";
import { formatByteRate, formatBytes, formatLoad, formatPercent } from "../text/format.ts";

/** The page of a host; `view` is that host's. */
export function HostPage({ view }: { readonly view: HostView }) {
  const detail = view.detail.value;
  const problem = view.problem.value;
  // The list is fresher: the live feed changes it at every report.
  const host = hosts.value?.get(view.agentId) ?? detail;
  if (host === undefined || problem?.status === 404) return <Absent problem={problem} />;
  return (
    <main class="page">
      <HostHeader host={host} detail={detail} />
      {problem !== undefined && (
        <p role="alert" class="notice">The host's details could not be renewed. {problem.detail}</p>
      )}
      <div class="toolbar">
        <SpanButtons />
        <HistoryState view={view} />
      </div>
      {/* Everything at once: charts that come one after the other push each other about. */}
      {detail === undefined || view.history.value === "loading"
        ? <Message title="Loading the host's details and history…" />
        : <Sections {...{ view, host, detail }} />}
    </main>
  );
}

function Absent({ problem }: { readonly problem: HostView["problem"]["value"] }) {
  return (
    <main class="page">
      {problem === undefined ? <Message title="Loading the host…" /> : (
        <Message
          title={problem.status === 404 ? "There is no such host" : "The host could not be loaded"}
          kind="problem"
        >
          <p>{problem.detail}</p>
          <p>
            <Link path="/">All hosts</Link>
          </p>
        </Message>
      )}
    </main>
  );
}

const spanWords: Readonly<Record<(typeof spans)[number], string>> = { 5: "5 min", 15: "15 min", 60: "1 h" };

function SpanButtons() {
  return (
    <div class="segmented" role="group" aria-label="Time span">
      {spans.map((minutes) => (
        <button
          key={minutes}
          type="button"
          aria-pressed={span.value === minutes}
          onClick={() => span.value = minutes}
        >
          {spanWords[minutes]}
        </button>
      ))}
    </div>
  );
}

function HistoryState({ view }: { readonly view: HostView }) {
  const history = view.history.value;
  if (history === "ready" || history === "loading") return null;
  return (
    <span role="alert" class="problem-text">
      The history could not be loaded. {history.detail}{" "}
      <button type="button" onClick={() => view.reload()}>Try again</button>
    </span>
  );
}

interface SectionsProps {
  readonly view: HostView;
  readonly host: HostSummary;
  readonly detail: HostDetail;
}

function Sections({ view, host, detail }: SectionsProps) {
  view.tick.value; // Which series there are is looked at anew at every tick.
  const { store } = view;
  const memory = latestOf(detail, "memory");
  const logicalCount = numberIn(latestOf(detail, "cpu"), "logical_count") ?? host.info.cpu_cores ?? 1;
  const memoryTotal = numberIn(memory, "ram_total") ?? host.info.ram_total;
  const swapTotal = numberIn(memory, "swap_total") ?? 0;
  const pressure = pressureLines(store);
  const cores = store.byName("cpu.cores").length;
  return (
    <div class="sections">
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
      <h2>Storage</h2>
      <FileSystems detail={detail} />
      <DiskIoSection view={view} detail={detail} />
      <NetworkSection view={view} detail={detail} />
      <SocketCard view={view} detail={detail} />
      <h2>Agent</h2>
      <AgentCard view={view} detail={detail} />
    </div>
  );
}
