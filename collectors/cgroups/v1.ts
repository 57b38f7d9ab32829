/** Groups of version 1 (kernel: `Documentation/admin-guide/cgroup-v1/`): each controller has a hierarchy of its own. */
import type { Directory } from "../../ffi/directory.ts";
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
import type { Controller } from "./hierarchies.ts";
import { coresOf, parseLimit, sumBlkio } from "./parse.ts";

/** The folders of a group, as far as it has one in a controller's hierarchy. */
export type V1Folders = { readonly [C in Controller]?: Directory };

const cpuStat = namedNumbers("cpu.stat", "nr_periods", "nr_throttled", "throttled_time");
const cpuQuota = attribute("cpu.cfs_quota_us");
const cpuPeriod = attribute("cpu.cfs_period_us");
const cpuUsage = attribute("cpuacct.usage");
const cpuSplit = namedNumbers("cpuacct.stat", "user", "system");
const memoryUsage = attribute("memory.usage_in_bytes");
const memoryStat = namedNumbers("memory.stat", "total_inactive_file", "total_swap");
const memoryLimit = attribute("memory.limit_in_bytes");
const oomControl = namedNumbers("memory.oom_control", "oom_kill");
const blkioBytes = attribute("blkio.throttle.io_service_bytes_recursive");
const blkioOperations = attribute("blkio.throttle.io_serviced_recursive");
const pidsCurrent = attribute("pids.current");
const pidsMax = attribute("pids.max");

const nanosecondsPerSecond = 1e9;
/** `cpuacct.stat` is in ticks of USER_HZ. */
const ticksPerSecond = 100;

/** Adds what the group's files tell. */
export function addV1(data: CgroupData, folders: V1Folders, counts: CountsDevice): void {
  const { cpu, cpuacct, memory, blkio, pids } = folders;
  if (cpu !== undefined) addThrottling(data, cpu);
  if (cpuacct !== undefined) addCpuTime(data, cpuacct);
  if (memory !== undefined) addMemory(data, memory);
  if (blkio !== undefined) addTraffic(data, blkio, counts);
  if (pids !== undefined) setNumber(data, "tasks", pidsCurrent.parse(pids, leadingNumber));
}

function addThrottling(data: CgroupData, folder: Directory): void {
  const [periods, throttled, throttledTime] = cpuStat.read(folder) ?? [];
  setNumber(data, "cpu_periods", scaled(periods));
  setNumber(data, "cpu_throttled_periods", scaled(throttled));
  setNumber(data, "cpu_throttled_seconds", scaled(throttledTime, nanosecondsPerSecond));
}

function addCpuTime(data: CgroupData, folder: Directory): void {
  setNumber(data, "cpu_usage_seconds", scaled(cpuUsage.parse(folder, leadingNumber), nanosecondsPerSecond));
  const [user, system] = cpuSplit.read(folder) ?? [];
  setNumber(data, "cpu_user_seconds", scaled(user, ticksPerSecond));
  setNumber(data, "cpu_system_seconds", scaled(system, ticksPerSecond));
}

function addMemory(data: CgroupData, folder: Directory): void {
  const usage = memoryUsage.parse(folder, leadingNumber);
  if (usage === undefined) return;
  const [inactiveFile = NaN, swap] = memoryStat.read(folder) ?? [];
  data.memory_bytes = inactiveFile < usage ? usage - inactiveFile : usage;
  setNumber(data, "swap_bytes", scaled(swap));
  setNumber(data, "oom_kills", scaled(oomControl.read(folder)?.[0]));
}

/** Buffered writes are not counted: version 1 does not know whose they are. */
function addTraffic(data: CgroupData, folder: Directory, counts: CountsDevice): void {
  const bytes = blkioBytes.parse(folder, (file) => sumBlkio(file, counts));
  const operations = blkioOperations.parse(folder, (file) => sumBlkio(file, counts));
  setNumber(data, "read_bytes", bytes?.read);
  setNumber(data, "write_bytes", bytes?.write);
  setNumber(data, "read_ops", operations?.read);
  setNumber(data, "write_ops", operations?.write);
}

/** The group's own limits. A quota of -1 is none. */
export function limitsV1({ cpu, memory, pids }: V1Folders): CgroupLimits {
  const quota = cpu === undefined ? undefined : cpuQuota.parse(cpu, leadingNumber);
  const period = cpu === undefined ? undefined : cpuPeriod.parse(cpu, leadingNumber);
  return {
    cpuCores: coresOf(quota, period),
    memoryBytes: (memory === undefined ? undefined : memoryLimit.parse(memory, parseLimit)) ?? Infinity,
    tasks: (pids === undefined ? undefined : pidsMax.parse(pids, parseLimit)) ?? Infinity,
  };
}
