/** Control groups: what services, containers and machines use, each with all its processes. */
import { useSignal } from "@preact/signals";
import type { HostDetail } from "../../../protocol/api.ts";
import { type CgroupColumn, groupName, worthwhileGroups } from "../state/cgroup_list.ts";
import type { HostView } from "../state/host_view.ts";
import { type Fields, latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { largestFirst } from "../state/ranking.ts";
import { seriesKeyOf } from "../state/series_key.ts";
import { absent, formatByteRate, formatBytes, formatCount, formatPercent } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  textColumn("group", "Control group"),
  textColumn("kind", "Kind", 110),
  numberColumn("cpu", "CPU", 92),
  numberColumn("throttled", "Held back", 96),
  numberColumn("memory", "Memory", 116),
  numberColumn("limit", "Limit", 116),
  numberColumn("tasks", "Tasks", 84),
  numberColumn("read", "Read", 116),
  numberColumn("written", "Written", 116),
  numberColumn("kills", "OOM kills", 92),
];

/** The table; nothing where the host reports no control groups. */
export function CgroupTable({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest rates are read anew at every tick.
  const by = useSignal<CgroupColumn>("cpu");
  const groups = worthwhileGroups(listIn(latestOf(detail, "cgroup_list"), "cgroups"));
  if (groups.length === 0) return null;
  const rate = (field: string, group: Fields) =>
    view.recent.latest(seriesKeyOf(`cgroup.${field}`, { path: textIn(group, "path") ?? "" }));
  const orders = {
    cpu: largestFirst((group: Fields) => rate("cpu_usage_seconds", group)),
    memory: largestFirst((group: Fields) => numberIn(group, "memory_bytes")),
  };
  return (
    <LongTable
      title="Control groups"
      columns={columns}
      items={groups.toSorted(orders.memory).sort(orders[by.value])}
      firstRows={10}
      sorting={{
        columns: ["cpu", "memory"],
        by,
      }}
      searched={(group) => `${textIn(group, "path")} ${textIn(group, "runtime")}`}
      row={(group) => {
        const path = textIn(group, "path") ?? absent;
        const kills = numberIn(group, "oom_kills");
        return {
          key: path,
          cells: {
            group: <Clip text={groupName(group)} title={path} />,
            kind: <Clip text={textIn(group, "runtime") ?? textIn(group, "kind") ?? absent} />,
            cpu: formatPercent(percent(rate("cpu_usage_seconds", group))),
            throttled: formatPercent(percent(rate("cpu_throttled_seconds", group))),
            memory: formatBytes(numberIn(group, "memory_bytes")),
            limit: formatBytes(numberIn(group, "memory_limit")),
            tasks: formatCount(numberIn(group, "tasks")),
            read: formatByteRate(rate("read_bytes", group)),
            written: formatByteRate(rate("write_bytes", group)),
            kills: kills !== undefined && kills > 0
              ? <strong>{formatCount(kills)}</strong>
              : formatCount(kills),
          },
        };
      }}
    />
  );
}

function percent(secondsPerSecond: number | undefined): number | undefined {
  return secondsPerSecond === undefined ? undefined : secondsPerSecond * 100;
}
