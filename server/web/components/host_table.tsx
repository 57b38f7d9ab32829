/** The list of hosts: a table, on a narrow screen one card per host. */
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { HostSummary } from "../../../protocol/api.ts";
import { nextOrder, type SortColumn, sortHosts } from "../state/host_order.ts";
import { hostPath, navigate } from "../state/route.ts";
import { now } from "../state/server_clock.ts";
import { storedSignal } from "../state/stored_signal.ts";
import {
  absent,
  formatAgo,
  formatBitRate,
  formatDateTime,
  formatDuration,
  formatLoad,
} from "../text/format.ts";
import { osText } from "../text/host_text.ts";
import { Link } from "./link.tsx";
import { PercentBar } from "./percent_bar.tsx";
import { Status } from "./status.tsx";

const columns: readonly (readonly [column: SortColumn, word: string, numeric: boolean])[] = [
  ["status", "Status", false],
  ["hostname", "Host", false],
  ["os", "System", false],
  ["cpu", "CPU", true],
  ["memory", "Memory", true],
  ["disk", "Fullest disk", true],
  ["network", "Network in / out", true],
  ["load", "Load", true],
  ["uptime", "Uptime", true],
  ["version", "Agent", false],
  ["seen", "Last seen", true],
];

const columnNames = columns.map(([column]) => column);
const sortColumn = storedSignal<SortColumn>("spectra.sort", columnNames, "hostname");
const sortDirection = storedSignal<"ascending" | "descending">(
  "spectra.sort-direction",
  ["ascending", "descending"],
  "ascending",
);

/** So many rows are shown at first: more at once make a browser slow and nobody wiser. */
const pageSize = 200;

/** The hosts, sortable by each column. */
export function HostTable({ hosts }: { readonly hosts: readonly HostSummary[] }) {
  const shown = useSignal(pageSize);
  const order = { column: sortColumn.value, descending: sortDirection.value === "descending" };
  const sorted = sortHosts(hosts, order);
  const sortBy = (column: SortColumn) => {
    const next = nextOrder(order, column);
    sortColumn.value = next.column;
    sortDirection.value = next.descending ? "descending" : "ascending";
  };
  return (
    <>
      <label class="sort-select">
        Sort by
        <select
          value={order.column}
          onChange={(event) => {
            const chosen = columnNames.find((column) => column === event.currentTarget.value);
            if (chosen !== undefined && chosen !== order.column) sortBy(chosen);
          }}
        >
          {columns.map(([column, word]) => <option key={column} value={column}>{word}</option>)}
        </select>
        <button type="button" onClick={() => sortBy(order.column)}>
          {order.descending ? "Descending" : "Ascending"}
        </button>
      </label>
      {/* The roles stay when the style sheet turns the table into cards. */}
      <table class="host-table" role="table" aria-label="Hosts">
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(([column, word, numeric]) => (
              <th
                key={column}
                role="columnheader"
                scope="col"
                class={numeric ? "numeric" : ""}
                aria-sort={order.column === column ? sortDirection.value : "none"}
              >
                <button type="button" onClick={() => sortBy(column)}>
                  {word}
                  <span class="sort-mark" aria-hidden="true">
                    {order.column === column ? (order.descending ? "▼" : "▲") : ""}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {sorted.slice(0, shown.value).map((host) => <HostRow key={host.agent_id} host={host} />)}
        </tbody>
      </table>
      {sorted.length > shown.value && (
        <p class="more">
          <button type="button" class="main-button" onClick={() => shown.value += pageSize}>
            Show {Math.min(pageSize, sorted.length - shown.value)} more of {sorted.length - shown.value}
          </button>
        </p>
      )}
    </>
  );
}

/** Made anew only when its host changed: a fleet has many rows and few changes at a time. */
function HostRow({ host }: { readonly host: HostSummary }) {
  return useMemo(() => rowOf(host), [host]);
}

function rowOf(host: HostSummary) {
  const { info, figures, hostname } = host;
  const path = hostPath(host.agent_id);
  return (
    <tr role="row" class={`host-row host-${host.status}`} onClick={() => navigate(path)}>
      <Cell label="Status" name="status">
        <Status status={host.status} />
      </Cell>
      <Cell label="Host" name="hostname">
        <Link path={path} class="host-link" title={hostname}>{hostname}</Link>
        {host.anonymous && (
          <span class="tag" title="Reports without a key (--allow-anonymous-agents).">anonymous</span>
        )}
      </Cell>
      <Cell label="System" name="os">
        <span class="clip" title={`${osText(info)} ${info.arch ?? ""}`}>{osText(info)}</span>
      </Cell>
      <Cell label="CPU" name="cpu" numeric>
        <PercentBar percent={figures.cpu_percent} />
      </Cell>
      <Cell label="Memory" name="memory" numeric>
        <PercentBar percent={figures.memory_percent} />
      </Cell>
      <Cell label="Fullest disk" name="disk" numeric>
        <PercentBar percent={figures.disk_percent} note={figures.disk_mountpoint} />
      </Cell>
      <Cell label="Network in / out" name="network" numeric>
        <span class="pair number">
          <span>
            {formatBitRate(figures.network_receive_bps)} <Arrow>↓</Arrow>
          </span>
          <span>
            {formatBitRate(figures.network_transmit_bps)} <Arrow>↑</Arrow>
          </span>
        </span>
      </Cell>
      <Cell label="Load" name="load" numeric>
        <span class="number">{formatLoad(figures.load_1m)}</span>
      </Cell>
      <Cell label="Uptime" name="uptime" numeric>
        <span class="number">{formatDuration(figures.uptime_seconds)}</span>
      </Cell>
      <Cell label="Agent" name="version">
        <span class="clip" title={info.agent_version}>{info.agent_version ?? absent}</span>
      </Cell>
      <Cell label="Last seen" name="seen" numeric>
        <LastSeen timestamp={host.last_seen} />
      </Cell>
    </tr>
  );
}

interface CellProps {
  readonly label: string;
  readonly name: SortColumn;
  readonly numeric?: boolean;
  readonly children: ComponentChildren;
}

function Cell({ label, name, numeric = false, children }: CellProps) {
  return (
    <td role="cell" data-label={label} class={`cell-${name} ${numeric ? "numeric" : ""}`}>
      {children}
    </td>
  );
}

function Arrow({ children }: { readonly children: string }) {
  return <span class="muted" aria-hidden="true">{children}</span>;
}

/** Ticks by itself, without its row. */
function LastSeen({ timestamp }: { readonly timestamp: string | undefined }) {
  if (timestamp === undefined) return <span class="number">never</span>;
  const time = Date.parse(timestamp);
  return (
    <time class="number" dateTime={timestamp} title={formatDateTime(time)}>
      {formatAgo(now.value - time)}
    </time>
  );
}
