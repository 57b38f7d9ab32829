/**
 * `/proc/<pid>/stat` (proc_pid_stat(5)): `811 (name) S 1 811 …`, 52 fields by Linux 3.5.
 *
 * The name may hold blanks, closing parentheses and line breaks, so fields are counted from the last `)`.
 */
import { nextField, readUnsigned } from "../../lib/ascii.ts";

/** One process as its `stat` tells. It is filled again and again. */
export interface ProcessStat {
  /** Where the name stands in the bytes: at most 15 bytes, of kernel threads up to 63. */
  nameStart: number;
  nameEnd: number;
  /** The state's letter, as its character code. */
  state: number;
  /** User and system time in ticks of 1/100 s. */
  cpuTicks: number;
  threads: number;
  /** When it started, in ticks of 1/100 s since boot; with the process number it identifies the process. */
  startTicks: number;
  /** Resident memory in pages. The kernel sums it loosely: it may be off by some pages per processor. */
  residentPages: number;
  isKernelThread: boolean;
}

/** An empty record to parse into. */
export function emptyStat(): ProcessStat {
  return {
    nameStart: 0,
    nameEnd: 0,
    state: 0,
    cpuTicks: 0,
    threads: 0,
    startTicks: 0,
    residentPages: 0,
    isKernelThread: false,
  };
}

const OPENING = 0x28;
const CLOSING = 0x29;
/** `PF_KTHREAD` of `include/linux/sched.h`. */
const kernelThreadFlag = 0x0020_0000;

/** Parses the first `length` bytes, which a line break follows; false when they are empty or cut off (the process is gone). */
export function parseStat(bytes: Uint8Array, length: number, into: ProcessStat): boolean {
  const opening = bytes.indexOf(OPENING);
  const closing = length === 0 ? -1 : bytes.lastIndexOf(CLOSING, length - 1);
  if (opening < 0 || closing < opening) return false;
  into.nameStart = opening + 1;
  into.nameEnd = closing;
  let at = closing + 2; // Field 3.
  into.state = bytes[at] ?? 0;
  at = skipFields(bytes, at, 6); // Field 9.
  const flags = readUnsigned(bytes, at);
  at = skipFields(bytes, at, 5); // Field 14.
  const userTicks = readUnsigned(bytes, at);
  at = nextField(bytes, at);
  const systemTicks = readUnsigned(bytes, at);
  at = skipFields(bytes, at, 5); // Field 20.
  const threads = readUnsigned(bytes, at);
  at = skipFields(bytes, at, 2); // Field 22.
  const startTicks = readUnsigned(bytes, at);
  at = skipFields(bytes, at, 2); // Field 24.
  const residentPages = readUnsigned(bytes, at);
  if (
    flags === undefined || userTicks === undefined || systemTicks === undefined || threads === undefined ||
    startTicks === undefined || residentPages === undefined || at >= length
  ) return false;
  into.cpuTicks = userTicks + systemTicks;
  into.threads = threads;
  into.startTicks = startTicks;
  into.residentPages = residentPages;
  into.isKernelThread = (flags & kernelThreadFlag) !== 0;
  return true;
}

function skipFields(bytes: Uint8Array, at: number, count: number): number {
  for (; count > 0; count--) at = nextField(bytes, at);
  return at;
}

/** States that processes are counted by. */
export const processStates = [
  "running",
  "sleeping",
  "disk_sleep",
  "stopped",
  "zombie",
  "idle",
  "other",
] as const;

/** One of {@linkcode processStates}. */
export type ProcessState = (typeof processStates)[number];

const stateOfLetter: ReadonlyMap<number, ProcessState> = new Map([
  [0x52, "running"], // R: running or ready to run; Linux does not tell them apart.
  [0x53, "sleeping"], // S
  [0x44, "disk_sleep"], // D
  [0x54, "stopped"], // T: by a signal
  [0x74, "stopped"], // t: by a debugger
  [0x5a, "zombie"], // Z
  [0x49, "idle"], // I: a kernel thread with nothing to do
]);

/** The state of a letter's character code. */
export function processState(letter: number): ProcessState {
  return stateOfLetter.get(letter) ?? "other";
}
