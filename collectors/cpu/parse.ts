/**
 * `/proc/stat` (proc_stat(5); kernel: `fs/proc/stat.c`).
 *
 * ```
 * cpu  6725 0 2121 254916 653 0 101 85 0 0
 * cpu0 2701 0 893 128553 36 0 49 43 0 0
 * intr 216969 0 …
 * ctxt 389895
 * btime 1795250972
 * processes 5692
 * procs_running 1
 * procs_blocked 0
 * ```
 *
 * A `cpu` line holds user, nice, system, idle, iowait, irq, softirq, steal, guest and guest_nice, in that order; old kernels end
 * earlier. The unit is 1/USER_HZ s. USER_HZ belongs to the kernel's interface and is 100 on every architecture that Deno runs on,
 * whatever the kernel's own tick. `cpuN` lines are there for the processors that are online.
 *
 * `user` and `nice` include `guest` and `guest_nice`. Here they are taken out, so that the modes are disjoint and add up to the total.
 */
import {
  bytesOf,
  findLine,
  nextLine,
  readUnsigned,
  readUnsignedFields,
  startsWith,
} from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";

/** Position of each mode in a processor's times. */
export const mode = {
  user: 0,
  nice: 1,
  system: 2,
  idle: 3,
  iowait: 4,
  irq: 5,
  softirq: 6,
  steal: 7,
  guest: 8,
  guestNice: 9,
} as const;

/** Number of modes. */
export const modeCount = 10;

/** Modes that even the oldest kernels have: user, nice, system, idle. */
const leastModes = 4;

/** Largest NR_CPUS that a kernel can be built with. A higher number is not a processor. */
const mostProcessors = 8192;

/** Ticks per second of `/proc/stat`. */
const userHz = 100;

/**
 * Is given the times of one processor. `seconds` is overwritten at the next call: copy it. Its first `modes` entries are what this
 * kernel knows, the rest are 0.
 */
export type TimesVisitor = (cpu: number | "all", seconds: Float64Array, modes: number) => void;

/** The other lines. All but `onlineCount` and the two `processes…` are counted since boot. */
export interface StatCounters {
  readonly onlineCount: number;
  readonly interrupts: number;
  readonly contextSwitches: number;
  /** Unix time. */
  readonly bootTimeSeconds: number;
  readonly forks: number;
  readonly processesRunning: number;
  readonly processesBlocked: number;
}

const cpuPrefix = bytesOf("cpu");
const SPACE = 0x20;
const seconds = new Float64Array(modeCount);

/**
 * Parses `/proc/stat`, handing each processor's times to `visit`, the sum of all first.
 *
 * @throws When a line that every kernel writes is absent, or a processor's line is malformed.
 */
export function parseStat(bytes: Uint8Array, visit: TimesVisitor): StatCounters {
  requireWholeLines(bytes);
  let at = 0;
  let onlineCount = -1; // The first line is the sum.
  for (; startsWith(bytes, at, cpuPrefix); at = nextLine(bytes, at)) {
    const modes = readTimes(bytes, at);
    visit(processorAt(bytes, at, onlineCount), seconds, modes);
    onlineCount++;
  }
  if (onlineCount < 0) throw new Error('it does not begin with a "cpu" line');
  const counter = (prefix: Uint8Array, name: string) => readCounter(bytes, at, prefix, name);
  return {
    onlineCount,
    interrupts: counter(intr, "intr"),
    contextSwitches: counter(ctxt, "ctxt"),
    bootTimeSeconds: counter(btime, "btime"),
    forks: counter(processes, "processes"),
    processesRunning: counter(procsRunning, "procs_running"),
    processesBlocked: counter(procsBlocked, "procs_blocked"),
  };
}

const intr = bytesOf("intr ");
const ctxt = bytesOf("ctxt ");
const btime = bytesOf("btime ");
const processes = bytesOf("processes ");
const procsRunning = bytesOf("procs_running ");
const procsBlocked = bytesOf("procs_blocked ");

function readCounter(bytes: Uint8Array, from: number, prefix: Uint8Array, name: string): number {
  const line = findLine(bytes, prefix, from);
  const value = line === undefined ? undefined : readUnsigned(bytes, line + prefix.length);
  if (value === undefined) throw new Error(`it has no "${name}" line with a number`);
  return value;
}

/** Which processor the line at `at` is of. */
function processorAt(bytes: Uint8Array, at: number, seen: number): number | "all" {
  const afterPrefix = at + cpuPrefix.length;
  const isSum = bytes[afterPrefix] === SPACE;
  if (isSum && seen < 0) return "all";
  const cpu = isSum || seen < 0 ? undefined : readUnsigned(bytes, afterPrefix);
  if (cpu === undefined || cpu >= mostProcessors) {
    throw new Error(`its line ${seen + 2} is not of ${seen < 0 ? "all processors" : "a processor"}`);
  }
  return cpu;
}

/** Reads the times of the line at `at` into `seconds`, disjoint; how many modes it has. */
function readTimes(bytes: Uint8Array, at: number): number {
  let fields = at + cpuPrefix.length;
  while (fields < bytes.length && bytes[fields] !== SPACE) fields++;
  seconds.fill(0);
  const modes = readUnsignedFields(bytes, fields, seconds);
  if (modes < leastModes) {
    throw new Error(`a "cpu" line has ${modes} times instead of at least ${leastModes}`);
  }
  for (let index = 0; index < modes; index++) seconds[index] = (seconds[index] ?? 0) / userHz;
  takeOut(mode.user, mode.guest);
  takeOut(mode.nice, mode.guestNice);
  return modes;
}

function takeOut(from: number, guest: number): void {
  // Not below 0: the kernel does not read the two at one instant.
  seconds[from] = Math.max(0, (seconds[from] ?? 0) - (seconds[guest] ?? 0));
}
