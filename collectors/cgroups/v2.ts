/** Groups of the unified hierarchy (kernel: `Documentation/admin-guide/cgroup-v2.rst`). */
import type { Directory } from "../../ffi/directory.ts";
import { parsePressure } from "../pressure.ts";
import {
  attribute,
  type CgroupData,
  type CgroupLimits,
  type CountsDevice,
  leadingNumber,
  namedNumbers,
  scaled,
  setNumber,
} from "./attributes.ts";
import { parseCpuMax, parseLimit, sumIoStat } from "./parse.ts";

const cpuStat = namedNumbers(
  "cpu.stat",
  "usage_usec",
  "user_usec",
  "system_usec",
  "nr_periods",
  "nr_throttled",
  "throttled_usec",
);
const cpuMax = attribute("cpu.max");
const memoryCurrent = attribute("memory.current");
const memoryStat = namedNumbers("memory.stat", "inactive_file");
const memoryMax = attribute("memory.max");
const memoryEvents = namedNumbers("memory.events", "oom_kill");
const swapCurrent = attribute("memory.swap.current");
const ioStat = attribute("io.stat");
const pidsCurrent = attribute("pids.current");
const pidsMax = attribute("pids.max");
const pressures = [
  [attribute("cpu.pressure"), "pressure_cpu_some_seconds", "pressure_cpu_full_seconds"],
  [attribute("memory.pressure"), "pressure_memory_some_seconds", "pressure_memory_full_seconds"],
  [attribute("io.pressure"), "pressure_io_some_seconds", "pressure_io_full_seconds"],
] as const;

const microsecondsPerSecond = 1e6;

/** Adds what the group's files tell. */
export function addV2(data: CgroupData, folder: Directory, counts: CountsDevice): void {
  addCpu(data, folder);
  addMemory(data, folder);
  addIo(data, folder, counts);
  setNumber(data, "tasks", pidsCurrent.parse(folder, leadingNumber));
  for (const [file, some, full] of pressures) {
    const pressure = file.parse(folder, parsePressure);
    setNumber(data, some, pressure?.someSeconds);
    setNumber(data, full, pressure?.fullSeconds);
  }
}

function addCpu(data: CgroupData, folder: Directory): void {
  const [usage, user, system, periods, throttled, throttledTime] = cpuStat.read(folder) ?? [];
  setNumber(data, "cpu_usage_seconds", scaled(usage, microsecondsPerSecond));
  setNumber(data, "cpu_user_seconds", scaled(user, microsecondsPerSecond));
  setNumber(data, "cpu_system_seconds", scaled(system, microsecondsPerSecond));
  setNumber(data, "cpu_periods", scaled(periods));
  setNumber(data, "cpu_throttled_periods", scaled(throttled));
  setNumber(data, "cpu_throttled_seconds", scaled(throttledTime, microsecondsPerSecond));
}

function addMemory(data: CgroupData, folder: Directory): void {
  const current = memoryCurrent.parse(folder, leadingNumber);
  if (current === undefined) return;
  const inactiveFile = scaled(memoryStat.read(folder)?.[0]) ?? 0;
  data.memory_bytes = inactiveFile < current ? current - inactiveFile : current;
  setNumber(data, "swap_bytes", swapCurrent.parse(folder, leadingNumber));
  setNumber(data, "oom_kills", scaled(memoryEvents.read(folder)?.[0]));
}

/** The file is empty until the group does any I/O. */
function addIo(data: CgroupData, folder: Directory, counts: CountsDevice): void {
  const traffic = ioStat.parse(folder, (bytes) => sumIoStat(bytes, counts));
  if (traffic !== undefined) Object.assign(data, traffic);
}

/** The group's own limits. */
export function limitsV2(folder: Directory): CgroupLimits {
  return {
    cpuCores: cpuMax.parse(folder, parseCpuMax) ?? Infinity,
    memoryBytes: memoryMax.parse(folder, parseLimit) ?? Infinity,
    tasks: pidsMax.parse(folder, parseLimit) ?? Infinity,
  };
}
