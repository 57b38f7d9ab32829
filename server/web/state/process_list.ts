/** Processes of a host: what they are sorted by, and their totals in words. */
import { formatCount } from "../text/format.ts";
import { type Fields, numberIn, textIn } from "./latest.ts";
import { byName, byTurns, largestFirst } from "./ranking.ts";

/** What processes can be sorted by. */
export type ProcessColumn = "cpu" | "memory" | "io";

/** Storage traffic of a process, bytes per second; `undefined` where it is not known. */
export type Traffic = (process: Fields) => number | undefined;

/** Processes that use most of something first. */
export function sortProcesses(processes: readonly Fields[], by: ProcessColumn, traffic: Traffic): Fields[] {
  const values: { readonly [C in ProcessColumn]: (process: Fields) => number | undefined } = {
    cpu: (process) => numberIn(process, "cpu_percent"),
    memory: (process) => numberIn(process, "mem_rss") ?? numberIn(process, "mem_percent"),
    io: traffic,
  };
  return processes.toSorted(
    byTurns(
      largestFirst(values[by]),
      largestFirst(values.memory),
      byName((process) => textIn(process, "name")),
    ),
  );
}

const states: readonly (readonly [field: string, word: string])[] = [
  ["processes_running", "running"],
  ["processes_disk_sleep", "waiting for storage"],
  ["processes_zombie", "ended and not cleared away"],
  ["processes_stopped", "stopped"],
  ["processes_sleeping", "sleeping"],
  ["processes_idle", "idle"],
  ["processes_other", "other"],
];

/** `214 processes, 731 threads: 3 running, 180 sleeping`; empty when no totals were reported. */
export function processTotals(list: Fields): string {
  const visible = numberIn(list, "processes_visible");
  const total = numberIn(list, "processes_total") ?? visible;
  if (total === undefined) return "";
  const threads = numberIn(list, "threads");
  const parts = states.flatMap(([field, word]) => {
    const count = numberIn(list, field) ?? 0;
    return count > 0 ? [`${formatCount(count)} ${word}`] : [];
  });
  const hidden = visible === undefined ? 0 : total - visible;
  if (hidden > 0) parts.push(`${formatCount(hidden)} hidden from the agent`);
  return `${formatCount(total)} processes${threads === undefined ? "" : `, ${formatCount(threads)} threads`}${
    parts.length === 0 ? "" : `: ${parts.join(", ")}`
  }`;
}
