/** One host, live. */
import type { HostDetail, HostSummary } from "../../../protocol/api.ts";
import { AgentCard } from "../components/agent_card.tsx";
import { CgroupTable } from "../components/cgroup_table.tsx";
import { CheckTable } from "../components/check_table.tsx";
import { DiskIoSection } from "../components/disk_io_section.tsx";
import { EventSection } from "../components/event_section.tsx";
import { FileSystems } from "../components/file_systems.tsx";
import { HostHeader } from "../components/host_header.tsx";
import { Link } from "../components/link.tsx";
import { Message } from "../components/message.tsx";
import { NetworkSection } from "../components/network_section.tsx";
import { PortTable } from "../components/port_table.tsx";
import { ProcessTable } from "../components/process_table.tsx";
import { ProcessorSection } from "../components/processor_section.tsx";
import { SensorSection } from "../components/sensor_section.tsx";
import { ServiceTable } from "../components/service_table.tsx";
import { SocketCard } from "../components/socket_card.tsx";
import { SoftwareSection } from "../components/software_section.tsx";
import { StorageHealth } from "../components/storage_health.tsx";
import { WifiTable } from "../components/wifi_table.tsx";
import { hosts } from "../state/hosts.ts";
import { elementsOf, latestOf, listIn } from "../state/latest.ts";
import { type HostView, span, spans } from "../state/host_view.ts";

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
  return (
    <div class="sections">
      <ProcessorSection view={view} host={host} detail={detail} />
      <ProcessTable view={view} detail={detail} />
      <CgroupTable view={view} detail={detail} />
      {hasServices(detail) && <h2>Services</h2>}
      <CheckTable detail={detail} />
      <ServiceTable view={view} detail={detail} />
      <h2>Storage</h2>
      <FileSystems detail={detail} />
      <StorageHealth detail={detail} />
      <DiskIoSection view={view} detail={detail} />
      <NetworkSection view={view} detail={detail} />
      <WifiTable detail={detail} />
      <SocketCard view={view} detail={detail} />
      <PortTable detail={detail} />
      <SensorSection view={view} detail={detail} />
      <SoftwareSection detail={detail} />
      <h2>Agent</h2>
      <AgentCard view={view} detail={detail} />
      {/* Last, because it grows while the page is open. */}
      <EventSection view={view} detail={detail} />
    </div>
  );
}

function hasServices(detail: HostDetail): boolean {
  return elementsOf(detail, "service_list", "services", "service").length > 0 ||
    listIn(latestOf(detail, "check_list"), "checks").length > 0;
}
