/** Reads the processes of a Linux host. */
import { openDirectory } from "../../ffi/directory.ts";
import { bytesOf, findLine, nextField, readDecimal, readUnsigned } from "../../lib/ascii.ts";
import { percentOf } from "../../lib/round.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { optionalHostFile } from "../host_file.ts";
import { readPageSize } from "../memory/page_size.ts";
import {
  type Choice,
  chooseProcesses,
  cpuPercent,
  describeProcess,
  type Shares,
  sumsOf,
} from "./describe.ts";
import { type ArgumentsShown, processFacts } from "./facts.ts";
import { type ProcessRecord, processTable } from "./table.ts";
import { countOpenFiles, readStorageTraffic } from "./usage.ts";
import { userNames } from "./users.ts";

type ProcessData = MetricData<"process">;

/** Which processes are reported, and how much of their command lines. */
export interface ProcessesSettings extends Choice {
  readonly arguments: ArgumentsShown;
}

const bootTimeLine = bytesOf("btime ");
const memTotalLine = bytesOf("MemTotal:");

/**
 * `process_list` from `/proc/<pid>/stat` of all processes, and more files of those that are reported.
 *
 * `open` is how folders are read: the C library's calls, unless a test says otherwise.
 */
export function linuxProcesses(host: Host, settings: ProcessesSettings, open = openDirectory): Collector {
  const { fs, clock } = host;
  const procfs = fs.proc(".");
  const uptime = optionalHostFile(fs.proc("uptime"), clock);
  const meminfo = optionalHostFile(fs.proc("meminfo"), clock);
  const stat = optionalHostFile(fs.proc("stat"), clock);
  const pageSize = readPageSize(fs);
  const table = processTable(procfs, open);
  const bootTime = () => stat.parse((bytes) => numberOfLine(bytes, bootTimeLine));
  const facts = processFacts(clock, settings.arguments, userNames(fs.root("/etc/passwd"), clock), bootTime);
  let scannedAtMs: number | undefined;

  const sharesSince = (elapsedMs: number | undefined): Shares => {
    const memTotal = meminfo.parse((bytes) => numberOfLine(bytes, memTotalLine));
    return {
      cpu: (record) => cpuPercent(record, elapsedMs),
      memory: ({ residentPages }) =>
        pageSize === undefined || memTotal === undefined
          ? undefined
          : percentOf(residentPages * pageSize, memTotal * 1024),
    };
  };

  const describe = (record: ProcessRecord, shares: Shares): ProcessData => {
    const process = describeProcess(record);
    const cpu = shares.cpu(record);
    const memory = shares.memory(record);
    if (cpu !== undefined) process.cpu_percent = cpu;
    if (memory !== undefined) process.mem_percent = memory;
    if (pageSize !== undefined) process.mem_rss = record.residentPages * pageSize;
    return process;
  };

  const describeAll = (records: readonly ProcessRecord[], shares: Shares): ProcessData[] => {
    const folder = open(procfs);
    if (typeof folder === "number") throw new Error(`Cannot open ${procfs}: errno ${-folder}`);
    try {
      return records.map((record) => {
        const openFiles = record.isKernelThread ? undefined : countOpenFiles(record.pid, fs);
        return {
          ...describe(record, shares),
          ...facts.of(record, folder),
          ...readStorageTraffic(record.pid, folder),
          ...(openFiles === undefined ? {} : { open_files: openFiles }),
        };
      });
    } finally {
      folder.close();
      facts.forget();
    }
  };

  return {
    collect(): Measurement[] {
      const uptimeTicks = uptime.parse(ticksSinceBoot);
      const nowMs = clock.monotonicMs();
      const scan = table.scan(uptimeTicks);
      const shares = sharesSince(scannedAtMs === undefined ? undefined : nowMs - scannedAtMs);
      scannedAtMs = nowMs;
      const processes = describeAll(chooseProcesses(scan.processes, settings, shares), shares);
      return [{ type: "process_list", data: { processes, ...sumsOf(scan) } }];
    },
    close() {
      uptime.close();
      meminfo.close();
      stat.close();
    },
  };
}

function ticksSinceBoot(bytes: Uint8Array): number | undefined {
  const seconds = readDecimal(bytes, 0);
  return seconds === undefined ? undefined : Math.floor(seconds * 100);
}

function numberOfLine(bytes: Uint8Array, name: Uint8Array): number | undefined {
  const line = findLine(bytes, name);
  return line === undefined ? undefined : readUnsigned(bytes, nextField(bytes, line));
}
