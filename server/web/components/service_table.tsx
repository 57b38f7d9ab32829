/** Services of the host's service manager, failed ones first. */
import type { HostDetail } from "../../../protocol/api.ts";
import type { HostView } from "../state/host_view.ts";
import { allTexts, elementsOf, joinedTexts, numberIn, textIn } from "../state/latest.ts";
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
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  textColumn("name", "Service", 300),
  textColumn("state", "State", 240),
  numberColumn("since", "Since", 110),
  numberColumn("restarts", "Restarts", 90),
  numberColumn("memory", "Memory", 110),
  numberColumn("cpu", "CPU", 90),
  numberColumn("tasks", "Tasks", 80),
  textColumn("description", "Description"),
];

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
      items={sortServices(services)}
      firstRows={12}
      searched={allTexts}
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
            name: <Clip text={name} title={joinedTexts(service, ["name", "enabled_state"])} />,
            state: alarming ? <strong class="clip" title={states}>{states}</strong> : <Clip text={states} />,
            since: since === undefined
              ? absent
              : <span title={formatDateTime(since * 1000)}>{formatAgo(serverNow() - since * 1000)}</span>,
            restarts: formatCount(restarts),
            memory: formatBytes(numberIn(service, "memory_bytes")),
            cpu: formatPercent(cpu === undefined ? undefined : cpu * 100),
            tasks: formatCount(numberIn(service, "tasks")),
            description: <Clip text={textIn(service, "description")} />,
          },
        };
      }}
    />
  );
}
