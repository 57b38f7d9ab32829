/** The processes that use most. */
import { useSignal } from "@preact/signals";
import type { HostDetail } from "../../../protocol/api.ts";
import type { HostView } from "../state/host_view.ts";
import { allTexts, elementsOf, type Fields, latestOf, numberIn, textIn } from "../state/latest.ts";
import { type ProcessColumn, processTotals, sortProcesses } from "../state/process_list.ts";
import { seriesKeyOf } from "../state/series_key.ts";
import { absent, formatByteRate, formatBytes, formatCount, formatPercent } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";

/** What processes are sorted by comes first: a narrow screen shows it without scrolling. */
const columns = [
  textColumn("name", "Process", 150),
  numberColumn("cpu", "CPU", 78),
  numberColumn("memory", "Memory", 100),
  numberColumn("share", "Of all", 76),
  numberColumn("io", "Storage I/O", 108),
  numberColumn("pid", "PID", 76),
  textColumn("user", "User", 90),
  numberColumn("threads", "Threads", 78),
  textColumn("status", "State", 78),
  textColumn("unit", "Unit or container", 150),
  textColumn("command", "Command"),
];

/** The table; nothing where the host reports no processes. */
export function ProcessTable({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest rates are read anew at every tick.
  const by = useSignal<ProcessColumn>("cpu");
  const processes = elementsOf(detail, "process_list", "processes", "process");
  if (processes.length === 0) return null;
  const traffic = (process: Fields) => {
    const labels = { pid: String(numberIn(process, "pid") ?? ""), name: textIn(process, "name") ?? "" };
    const read = view.recent.latest(seriesKeyOf("process.read_bytes", labels));
    const written = view.recent.latest(seriesKeyOf("process.write_bytes", labels));
    return read === undefined && written === undefined ? undefined : (read ?? 0) + (written ?? 0);
  };
  return (
    <LongTable
      title="Processes"
      columns={columns}
      note={processTotals(latestOf(detail, "process_list"))}
      items={sortProcesses(processes, by.value, traffic)}
      firstRows={15}
      sorting={{
        columns: ["cpu", "memory", "io"],
        by,
      }}
      searched={(process) => `${process["pid"]} ${allTexts(process)}`}
      row={(process) => {
        const name = textIn(process, "name") ?? absent;
        const command = textIn(process, "command") ?? "";
        const owner = textIn(process, "unit") ?? textIn(process, "container_id") ??
          textIn(process, "machine") ?? "";
        return {
          key: `${numberIn(process, "pid")} ${numberIn(process, "start_time")}`,
          cells: {
            name: <Clip text={name} />,
            pid: String(numberIn(process, "pid") ?? absent),
            user: <Clip text={textIn(process, "user")} />,
            cpu: formatPercent(numberIn(process, "cpu_percent")),
            memory: formatBytes(numberIn(process, "mem_rss")),
            share: formatPercent(numberIn(process, "mem_percent")),
            io: formatByteRate(traffic(process)),
            threads: formatCount(numberIn(process, "threads_total")),
            status: <Clip text={textIn(process, "status")} />,
            unit: <Clip text={owner} title={textIn(process, "cgroup") ?? owner} />,
            command: <Clip text={command} />,
          },
        };
      }}
    />
  );
}
