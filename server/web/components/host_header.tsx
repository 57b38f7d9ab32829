/** Who a host is and how it is, on top of its page. */
import type { HostDetail, HostSummary } from "../../../protocol/api.ts";
import { latestOf, newestAt, numberIn, textIn } from "../state/latest.ts";
import { now } from "../state/server_clock.ts";
import {
  absent,
  formatAgo,
  formatBytes,
  formatClock,
  formatCount,
  formatDateTime,
  formatDuration,
} from "../text/format.ts";
import { osText, statusMeanings } from "../text/host_text.ts";
import { type Fact, Facts } from "./facts.tsx";
import { Link } from "./link.tsx";
import { RemoveHost } from "./remove_host.tsx";
import { Status } from "./status.tsx";

/** Name, status, identity. */
export function HostHeader(
  { host, detail }: { readonly host: HostSummary; readonly detail: HostDetail | undefined },
) {
  const { hostname } = host;
  return (
    <div class="host-header">
      <nav aria-label="Breadcrumb" class="breadcrumb">
        <Link path="/">Hosts</Link>
        <span aria-hidden="true">/</span>
      </nav>
      <div class="host-title">
        <h1 title={hostname}>{hostname}</h1>
        <Status status={host.status} />
        <span class="muted">{lastSeen(host)}</span>
      </div>
      {host.status !== "online" && <p class="notice">{statusMeanings[host.status]}</p>}
      {host.status === "offline" && <RemoveHost host={host} />}
      {detail !== undefined && <ClockNotice host={host} detail={detail} />}
      <div class="card">
        <Facts facts={factsOf(host, detail)} />
      </div>
    </div>
  );
}

function factsOf(host: HostSummary, detail: HostDetail | undefined): Fact[] {
  const { info, figures } = host;
  const system = detail === undefined ? {} : latestOf(detail, "system");
  const bootTime = numberIn(system, "boot_time") ?? info.boot_time;
  const view = textIn(system, "view") ?? info.virtualization;
  const cores = info.cpu_cores === undefined ? "" : `\u00a0×\u00a0${info.cpu_cores}`;
  const facts: Fact[] = [
    ["System", osText(info)],
    ["Kernel", [textIn(system, "kernel") ?? info.kernel, info.arch].filter(Boolean).join(" ")],
    ["Processor", (info.cpu_model ?? "") + cores],
    ["Memory", formatBytes(info.ram_total)],
    ["Addresses", info.ips?.join(", ")],
    ["Up for", formatDuration(figures.uptime_seconds)],
    ["Booted", bootTime === undefined ? absent : formatDateTime(bootTime * 1000)],
    ["Agent", info.agent_version],
    ["Processes", counts(numberIn(system, "processes"), numberIn(system, "threads"))],
    ["Sessions", formatCount(numberIn(system, "users"))],
  ];
  if (view !== undefined) facts.push(["Runs as", view]);
  if (host.anonymous) facts.push(["Access", "anonymous, without a key"]);
  return facts;
}

function lastSeen({ last_seen, status }: HostSummary): string {
  if (last_seen === undefined) return "never seen";
  return status === "online" ? "" : `last seen ${formatAgo(now.value - Date.parse(last_seen))}`;
}

function counts(processes: number | undefined, threads: number | undefined): string {
  if (processes === undefined) return absent;
  return threads === undefined
    ? formatCount(processes)
    : `${formatCount(processes)}, ${formatCount(threads)} threads`;
}

/** Differences under this are within what pace and network explain. */
const toleratedMs = 90_000;

/** A clock that is wrong puts the host's values where no chart shows them: said in words. */
function ClockNotice({ host, detail }: { readonly host: HostSummary; readonly detail: HostDetail }) {
  const newest = newestAt(detail);
  if (newest === undefined || host.status !== "online") return null;
  const aheadMs = newest - now.value;
  if (aheadMs > toleratedMs) {
    return <p class="notice">This host's clock is {formatDuration(aheadMs / 1000)} ahead of the server's.</p>;
  }
  if (aheadMs > -toleratedMs) return null;
  return (
    <p class="notice">
      The newest values were measured at {formatClock(newest)} by this host's clock: the clock is{" "}
      {formatDuration(-aheadMs / 1000)}{" "}
      behind the server's, or the agent is still delivering what it could not send.
    </p>
  );
}
