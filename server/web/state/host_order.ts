/** Which hosts a list shows, and in which order. */
import type { HostSummary } from "../../../protocol/api.ts";
import { osText } from "../text/host_text.ts";
import { wordFilter } from "./word_filter.ts";

/** What a list can be sorted by. */
export type SortColumn =
  | "status"
  | "hostname"
  | "os"
  | "cpu"
  | "memory"
  | "disk"
  | "network"
  | "load"
  | "uptime"
  | "version"
  | "seen";

/** Direction of an order. */
export interface SortOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** Worst first, so that an ascending order puts what needs a look on top. */
const statusRank = { offline: 0, late: 1, waiting: 2, online: 3 } as const;

const values: { readonly [C in SortColumn]: (host: HostSummary) => string | number | undefined } = {
  status: (host) => statusRank[host.status],
  hostname: (host) => host.hostname,
  os: (host) => osText(host.info),
  cpu: (host) => host.figures.cpu_percent,
  memory: (host) => host.figures.memory_percent,
  disk: (host) => host.figures.disk_percent,
  network: (host) => {
    const { network_receive_bps: received, network_transmit_bps: sent } = host.figures;
    return received === undefined && sent === undefined ? undefined : (received ?? 0) + (sent ?? 0);
  },
  load: (host) => host.figures.load_1m,
  uptime: (host) => host.figures.uptime_seconds,
  version: (host) => host.info.agent_version,
  seen: (host) => host.last_seen === undefined ? undefined : Date.parse(host.last_seen),
};

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Hosts in order. Those without a value come last in both directions; equal ones are ordered by name. */
export function sortHosts(hosts: Iterable<HostSummary>, order: SortOrder): HostSummary[] {
  const value = values[order.column];
  return [...hosts].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === undefined || right === undefined) {
      if (left !== right) return left === undefined ? 1 : -1;
    } else {
      const difference = typeof left === "number" && typeof right === "number"
        ? left - right
        : collator.compare(String(left), String(right));
      if (difference !== 0) return order.descending ? -difference : difference;
    }
    return collator.compare(a.hostname, b.hostname) || (a.agent_id < b.agent_id ? -1 : 1);
  });
}

/** The order after a click on a column: the other way round, or that column beginning with what matters most. */
export function nextOrder(order: SortOrder, column: SortColumn): SortOrder {
  if (order.column === column) return { column, descending: !order.descending };
  const largestFirst: readonly SortColumn[] = ["cpu", "memory", "disk", "network", "load", "uptime", "seen"];
  return { column, descending: largestFirst.includes(column) };
}

/** Hosts that contain every word of `text` in their name, system, address, status, version or labels. */
export function filterHosts(hosts: Iterable<HostSummary>, text: string): HostSummary[] {
  const matches = wordFilter(text);
  return [...hosts].filter((host) => {
    const { info } = host;
    const labels = Object.entries(info.labels ?? {}).map(([key, value]) => `${key}=${value}`);
    return matches([
      host.hostname,
      host.status,
      osText(info),
      info.arch,
      info.agent_version,
      ...info.ips ?? [],
      ...labels,
    ].join("\n"));
  });
}
