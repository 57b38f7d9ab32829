/** Processes in the words of the wire. */
import { roundTo2 } from "../../lib/round.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { type ProcessState, processStates } from "./stat.ts";
import type { ProcessRecord, Scan } from "./table.ts";
import { type Items, topOf } from "./top.ts";

type ProcessData = MetricData<"process">;

const millisecondsPerTick = 10;

/** What counts as much use, and how many processes of much use are reported. */
export interface Choice {
  readonly top_cpu: number;
  readonly top_memory: number;
  readonly min_cpu_percent: number;
  readonly min_memory_percent: number;
}

/** A process's shares of the machine, in percent; `undefined` where they are not known. */
export interface Shares {
  cpu(record: ProcessRecord): number | undefined;
  memory(record: ProcessRecord): number | undefined;
}

/**
 * The processes that use the processor most, then those that use memory most, each once. Of those that did equally much since the scan
 * before (at the first one, all of them) those with more processor time in all come first, so that the choice is stable.
 */
export function chooseProcesses(
  processes: Items<ProcessRecord>,
  choice: Choice,
  shares: Shares,
): ProcessRecord[] {
  const byCpu = topOf(processes, choice.top_cpu, (record) => {
    const percent = shares.cpu(record) ?? 0;
    return percent >= choice.min_cpu_percent ? percent : undefined;
  }, (record) => record.cpuTicks);
  const byMemory = topOf(processes, choice.top_memory, (record) => {
    if (record.residentPages === 0) return undefined;
    return (shares.memory(record) ?? 0) >= choice.min_memory_percent ? record.residentPages : undefined;
  }, (record) => -record.pid);
  return [...new Set([...byCpu, ...byMemory])];
}

/** Processor time since the scan before, in percent of one logical processor; `undefined` where it is not known. */
export function cpuPercent({ spentTicks }: ProcessRecord, elapsedMs: number | undefined): number | undefined {
  if (spentTicks === undefined || elapsedMs === undefined || elapsedMs <= 0) return undefined;
  return roundTo2((spentTicks * millisecondsPerTick * 100) / elapsedMs);
}

/** What the scan tells of one process. */
export function describeProcess(record: ProcessRecord): ProcessData {
  return {
    pid: record.pid,
    name: record.name,
    status: statusOf(record.state),
    threads_total: record.threads,
    ...(record.threads === 1 ? stateOfOneThread(record.state) : {}),
    cpu_seconds: (record.cpuTicks * millisecondsPerTick) / 1000,
  };
}

/** Linux has one state for running and ready to run. */
function statusOf(state: ProcessState): string {
  if (state === "running") return "running";
  return isWaiting(state) ? "waiting" : "other";
}

function isWaiting(state: ProcessState): boolean {
  return state === "sleeping" || state === "disk_sleep" || state === "idle";
}

/** The state of a process is that of its first thread: of several the others' are not known. */
function stateOfOneThread(state: ProcessState): Partial<ProcessData> {
  return { threads_running: state === "running" ? 1 : 0, threads_waiting: isWaiting(state) ? 1 : 0 };
}

/** Sums over all processes. */
export function sumsOf(scan: Scan): Omit<MetricData<"process_list">, "processes"> {
  const sums: Omit<MetricData<"process_list">, "processes"> = {
    processes_total: scan.total,
    processes_visible: scan.processes.size,
    threads: scan.threads,
  };
  for (const state of processStates) sums[`processes_${state}`] = scan.states[state];
  return sums;
}
