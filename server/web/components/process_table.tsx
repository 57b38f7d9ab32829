/** The processes that use most. */
import { useSignal } from "@preact/signals";
import type { HostDetail } from "../../../protocol/api.ts";
import type { HostView } from "../state/host_view.ts";
import { elementsOf, type Fields, latestOf, numberIn, textIn } from "../state/latest.ts";
import { type ProcessColumn, processTotals, sortProcesses } from "../state/process_list.ts";
import { seriesKeyOf } from "../state/series_key.ts";
import { absent, formatByteRate, formatBytes, formatCount, formatPercent } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  { name: "name", word: "Process", width: 150 },
  { name: "pid", word: "PID", numeric: true, width: 76 },
  { name: "user", word: "User", width: 90 },
  { name: "cpu", word: "CPU", numeric: true, width: 78 },
  { name: "memory", word: "Memory", numeric: true, width: 100 },
  { name: "share", word: "Of all", numeric: true, width: 76 },
  { name: "io", word: "Storage I/O", numeric: true, width: 108 },
  { name: "threads", word: "Threads", numeric: true, width: 78 },
  { name: "status", word: "State", width: 78 },
  { name: "unit", word: "Unit or container", width: 150 },
  { name: "command", word: "Command" },
] as const;

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
      empty="No process has been reported."
      items={sortProcesses(processes, by.value, traffic)}
      firstRows={15}
      sorting={{
        columns: ["cpu", "memory", "io"],
        by: by.value,
        choose(column) {
          if (column === "cpu" || column === "memory" || column === "io") by.value = column;
        },
      }}
      searched={(process) =>
        ["name", "pid", "user", "command", "unit", "container_id", "machine"].map((field) => process[field])
          .join("\n")}
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
            user: <Clip text={textIn(process, "user") ?? absent} />,
            cpu: formatPercent(numberIn(process, "cpu_percent")),
            memory: formatBytes(numberIn(process, "mem_rss")),
            share: formatPercent(numberIn(process, "mem_percent")),
            io: formatByteRate(traffic(process)),
            threads: formatCount(numberIn(process, "threads_total")),
            status: <Clip text={textIn(process, "status") ?? absent} />,
            unit: <Clip text={owner} title={textIn(process, "cgroup") ?? owner} />,
            command: <Clip text={command} />,
          },
        };
      }}
    />
  );
}
