/**
 * All processes of a host, followed from scan to scan.
 *
 * A scan lists `/proc` once and reads one file per process. Records are kept and overwritten, so that a scan allocates for
 * new processes only.
 */
import {
  contents,
  type Directory,
  isRefusal,
  isTooManyFiles,
  openDirectory,
  type VisitEntry,
} from "../../ffi/directory.ts";
import { bytesOf, textAt } from "../../lib/ascii.ts";
import { emptyStat, parseStat, type ProcessState, processState, processStates } from "./stat.ts";

/** One process. Number and start together identify it: numbers are used again. */
export interface ProcessRecord {
  readonly pid: number;
  startTicks: number;
  name: string;
  state: ProcessState;
  threads: number;
  residentPages: number;
  isKernelThread: boolean;
  /** Processor time since it started, in ticks of 1/100 s. */
  cpuTicks: number;
  /** Processor time since the scan before; `undefined` where it is not known. */
  spentTicks: number | undefined;
  /** Number of the scan that saw it last. */
  scan: number;
}

/** What a scan found. */
export interface Scan {
  readonly processes: ReadonlyMap<number, ProcessRecord>;
  readonly states: Readonly<Record<ProcessState, number>>;
  readonly threads: number;
  /** Processes that there are, those that this user may not see included. */
  readonly total: number;
}

/** Scans again and again. */
export interface ProcessTable {
  /**
   * Looks at all processes. The answer is valid until the next scan.
   *
   * @param uptimeTicks Time since boot in ticks of 1/100 s: what started after the scan before has spent all its time since.
   * @throws When the folder can't be listed, or this process may open no more files.
   */
  scan(uptimeTicks: number | undefined): Scan;
}

const statSuffix = bytesOf("/stat\0");
const ZERO = 0x30;
/** Process numbers have 7 digits at most. */
const longestPid = 10;

/** Follows the processes below `procfs`. `open` is another way to read folders. */
export function processTable(procfs: string, open: typeof openDirectory = openDirectory): ProcessTable {
  const records = new Map<number, ProcessRecord>();
  const path = new Uint8Array(longestPid + statSuffix.length);
  const stat = emptyStat();
  const states = noStates();
  let scan = 0;
  let scannedAtTicks: number | undefined;
  let threads = 0;
  let refused = 0;
  let otherFolders = 0;
  let folder: Directory;

  const visit: VisitEntry = (bytes, start, end, isDirectory) => {
    const pid = readPid(bytes, start, end);
    if (pid === undefined) {
      if (isDirectory) otherFolders++;
      return;
    }
    const length = end - start;
    for (let index = 0; index < length; index++) path[index] = bytes[start + index] ?? 0;
    path.set(statSuffix, length);
    const result = folder.read(path);
    if (result > 0 && parseStat(contents, result, stat)) take(pid);
    else if (isTooManyFiles(result)) {
      throw new Error(`Cannot read ${procfs}/${pid}/stat: too many open files`);
    } else if (isRefusal(result)) refused++; // Otherwise it has ended since it was listed.
  };

  const take = (pid: number) => {
    let record = records.get(pid);
    if (record?.startTicks === stat.startTicks) {
      record.spentTicks = Math.max(0, stat.cpuTicks - record.cpuTicks);
    } else {
      const isYoung = scannedAtTicks !== undefined && stat.startTicks >= scannedAtTicks;
      record = newRecord(pid, stat.startTicks, isYoung ? stat.cpuTicks : undefined);
      records.set(pid, record);
    }
    if (!isText(contents, stat.nameStart, stat.nameEnd, record.name)) {
      record.name = textAt(contents, stat.nameStart, stat.nameEnd);
    }
    record.state = processState(stat.state);
    record.threads = stat.threads;
    record.residentPages = stat.residentPages;
    record.isKernelThread = stat.isKernelThread;
    record.cpuTicks = stat.cpuTicks;
    record.scan = scan;
    states[record.state]++;
    threads += stat.threads;
  };

  // By a callback, as going through a map by its iterator allocates an object a step.
  const dropUnlessSeen = (record: ProcessRecord) => {
    if (record.scan !== scan) records.delete(record.pid);
  };

  return {
    scan(uptimeTicks) {
      const opened = open(procfs);
      if (typeof opened === "number") throw new Error(`Cannot open ${procfs}: errno ${-opened}`);
      folder = opened;
      scan++;
      threads = refused = otherFolders = 0;
      for (const state of processStates) states[state] = 0;
      try {
        folder.list(visit);
      } finally {
        folder.close();
      }
      records.forEach(dropUnlessSeen);
      scannedAtTicks = uptimeTicks;
      const total = Math.max(records.size + refused, countByLinks(procfs, otherFolders));
      return { processes: records, states, threads, total };
    },
  };
}

/** The process number that a folder is named by; `undefined` for any other entry. */
function readPid(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start > longestPid) return undefined;
  let pid = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    pid = pid * 10 + digit;
  }
  return pid;
}

function newRecord(pid: number, startTicks: number, spentTicks: number | undefined): ProcessRecord {
  return {
    pid,
    startTicks,
    spentTicks,
    name: "",
    state: "other",
    threads: 0,
    residentPages: 0,
    isKernelThread: false,
    cpuTicks: 0,
    scan: 0,
  };
}

function noStates(): Record<ProcessState, number> {
  return { running: 0, sleeping: 0, disk_sleep: 0, stopped: 0, zombie: 0, idle: 0, other: 0 };
}

/** True when the bytes are `text` in ASCII: then there is nothing to decode. */
function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/**
 * Processes of the whole machine: `/proc` has as many links as folders that it would show to root, and two (kernel:
 * `proc_root_getattr` of `fs/proc/root.c`). With `hidepid` that is more than are listed; within a container it counts the machine's.
 */
function countByLinks(procfs: string, otherFolders: number): number {
  return (Deno.statSync(procfs).nlink ?? 0) - 2 - otherFolders;
}
