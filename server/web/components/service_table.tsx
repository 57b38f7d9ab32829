/** Services of the host's service manager, failed ones first. */
import type { HostDetail } from "../../../protocol/api.ts";
import type { HostView } from "../state/host_view.ts";
import { elementsOf, numberIn, textIn } from "../state/latest.ts";
import { seriesKeyOf } from "../state/series_key.ts";
import { serverNow } from "../state/server_clock.ts";
import { isFailed, serviceCounts, sortServices } from "../state/service_list.ts";
import {
  absent,
  formatAgo,
  formatBytes,
  formatCount,
  formatDateTime,
  formatPercent,
} from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  { name: "name", word: "Service", width: 300 },
  { name: "state", word: "State", width: 240 },
  { name: "since", word: "Since", numeric: true, width: 110 },
  { name: "restarts", word: "Restarts", numeric: true, width: 90 },
  { name: "memory", word: "Memory", numeric: true, width: 110 },
  { name: "cpu", word: "CPU", numeric: true, width: 90 },
  { name: "tasks", word: "Tasks", numeric: true, width: 80 },
  { name: "description", word: "Description" },
] as const;

/** The table; nothing where the host reports no services. */
export function ServiceTable({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest rates are read anew at every tick.
  const services = elementsOf(detail, "service_list", "services", "service");
  if (services.length === 0) return null;
  return (
    <LongTable
      title="Services"
      columns={columns}
      note={serviceCounts(services)}
      empty="No service has been reported."
      items={sortServices(services)}
      firstRows={12}
      searched={(service) =>
        ["name", "status", "sub_status", "enabled_state", "description"].map((field) => service[field])
          .join("\n")}
      row={(service) => {
        const name = textIn(service, "name") ?? absent;
        const since = numberIn(service, "since");
        const cpu = view.recent.latest(seriesKeyOf("service.cpu_seconds", { name }));
        const restarts = numberIn(service, "restarts");
        const alarming = isFailed(service);
        const states = [...new Set(["status", "sub_status", "result"].map((field) => textIn(service, field)))]
          .filter((state) => state !== undefined && state !== "success").join(", ");
        return {
          key: name,
          alarming,
          cells: {
            name: (
              <Clip text={name} title={[name, textIn(service, "enabled_state")].filter(Boolean).join(", ")} />
            ),
            state: alarming ? <strong class="clip" title={states}>{states}</strong> : <Clip text={states} />,
            since: since === undefined
              ? absent
              : <span title={formatDateTime(since * 1000)}>{formatAgo(serverNow() - since * 1000)}</span>,
            restarts: formatCount(restarts),
            memory: formatBytes(numberIn(service, "memory_bytes")),
            cpu: formatPercent(cpu === undefined ? undefined : cpu * 100),
            tasks: formatCount(numberIn(service, "tasks")),
            description: <Clip text={textIn(service, "description") ?? ""} />,
          },
        };
      }}
    />
  );
}
