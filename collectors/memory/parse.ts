/**
 * `/proc/meminfo` (proc_meminfo(5)), `/proc/vmstat` and ZFS's `arcstats`, and what is computed from them.
 *
 * `meminfo` gives kB (1024 bytes), but its `HugePages_…` are counts. Names end at a colon that no blank need follow.
 */
import { bytesOf, findLine, nextField, readNamedUnsigned, readUnsigned } from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";
import type { MemorySettings } from "./settings.ts";

const meminfoNames = [
  "MemTotal",
  "MemFree",
  "MemAvailable",
  "Buffers",
  "Cached",
  "SwapTotal",
  "SwapFree",
  "Dirty",
  "Writeback",
  "Shmem",
  "SReclaimable",
  "SUnreclaim",
  "CommitLimit",
  "Committed_AS",
  "HardwareCorrupted",
  "HugePages_Total",
  "HugePages_Free",
  "Hugepagesize",
] as const;

/** A line of `/proc/meminfo` that is read. */
export type MeminfoName = (typeof meminfoNames)[number];

/** `/proc/meminfo`: sizes in bytes, `HugePages_…` in pages. Every kernel gives the first four, others as it can. */
export type Meminfo =
  & { readonly [Name in "MemTotal" | "MemFree" | "Buffers" | "Cached"]: number }
  & { readonly [Name in MeminfoName]?: number };

const meminfoKeys = meminfoNames.map(bytesOf);
const meminfoValues = new Float64Array(meminfoNames.length);

/**
 * Parses `/proc/meminfo`.
 *
 * @throws When it is cut off or lacks a line that every kernel writes.
 */
export function parseMeminfo(bytes: Uint8Array): Meminfo {
  requireWholeLines(bytes);
  readNamedUnsigned(bytes, meminfoKeys, meminfoValues);
  const found: { [Name in MeminfoName]?: number } = {};
  for (const [index, name] of meminfoNames.entries()) {
    const value = meminfoValues[index] ?? NaN;
    if (!Number.isNaN(value)) found[name] = name.startsWith("HugePages_") ? value : value * 1024;
  }
  return {
    ...found,
    MemTotal: required(found.MemTotal, "MemTotal"),
    MemFree: required(found.MemFree, "MemFree"),
    Buffers: required(found.Buffers, "Buffers"),
    Cached: required(found.Cached, "Cached"),
  };
}

/** The value, which must be there and a number. */
function required(value: number | undefined, name: string): number {
  if (value === undefined || Number.isNaN(value)) throw new Error(`it has no "${name}" line with a number`);
  return value;
}

/**
 * What new programs could get without swapping, in bytes: `MemAvailable`, and what ZFS would give back of its cache, which the kernel
 * does not count as cache.
 *
 * `MemAvailable` is absent before Linux 3.14, and some containers show 0 or more than there is. Then it is free memory plus caches:
 * without shared memory, which is in `Cached` and cannot be dropped.
 */
export function availableBytes(meminfo: Meminfo, arc: Arc | undefined): number {
  const { MemTotal: total, MemAvailable: stated } = meminfo;
  const available = stated !== undefined && stated > 0 && stated <= total ? stated : freeAndCaches(meminfo);
  return Math.min(total, Math.max(0, available + shrinkableBytes(arc)));
}

/** What does not count as used by `formula`, in bytes. ZFS's cache is a cache like the kernel's own. */
export function unusedBytes(meminfo: Meminfo, arc: Arc | undefined, formula: MemorySettings["used"]): number {
  if (formula === "available") return availableBytes(meminfo, arc);
  if (formula === "free") return meminfo.MemFree;
  return Math.min(meminfo.MemTotal, Math.max(0, freeAndCaches(meminfo) + shrinkableBytes(arc)));
}

function freeAndCaches(meminfo: Meminfo): number {
  return meminfo.MemFree + meminfo.Buffers + meminfo.Cached + (meminfo.SReclaimable ?? 0) -
    (meminfo.Shmem ?? 0);
}

function shrinkableBytes(arc: Arc | undefined): number {
  return arc === undefined ? 0 : Math.max(0, arc.sizeBytes - arc.minimumBytes);
}

/** `/proc/vmstat`: events since boot, in pages where nothing else is said; absent where the kernel doesn't count them. */
export interface Vmstat {
  /** Free pages now. */
  readonly freePages: number;
  readonly swapInPages?: number;
  readonly swapOutPages?: number;
  /** Faults, not pages. */
  readonly majorFaults?: number;
  /** Processes, from Linux 4.13. */
  readonly oomKills?: number;
}

const vmstatKeys = ["nr_free_pages", "pswpin", "pswpout", "pgmajfault", "oom_kill"].map(bytesOf);
const vmstatValues = new Float64Array(vmstatKeys.length);

/**
 * Parses `/proc/vmstat`.
 *
 * @throws When it is cut off or lacks `nr_free_pages`, which every kernel writes.
 */
export function parseVmstat(bytes: Uint8Array): Vmstat {
  requireWholeLines(bytes);
  readNamedUnsigned(bytes, vmstatKeys, vmstatValues);
  const [freePages, swapInPages = NaN, swapOutPages = NaN, majorFaults = NaN, oomKills = NaN] = vmstatValues;
  return {
    freePages: required(freePages, "nr_free_pages"),
    ...(Number.isNaN(swapInPages) ? {} : { swapInPages }),
    ...(Number.isNaN(swapOutPages) ? {} : { swapOutPages }),
    ...(Number.isNaN(majorFaults) ? {} : { majorFaults }),
    ...(Number.isNaN(oomKills) ? {} : { oomKills }),
  };
}

/** ZFS's adaptive replacement cache, in bytes. */
export interface Arc {
  readonly sizeBytes: number;
  /** ZFS does not shrink it below this. */
  readonly minimumBytes: number;
}

const arcSize = bytesOf("size ");
const arcMinimum = bytesOf("c_min ");

/**
 * Parses `/proc/spl/kstat/zfs/arcstats`: after two lines of heading, lines `name type value`.
 *
 * @throws When it lacks `size` or `c_min`.
 */
export function parseArcstats(bytes: Uint8Array): Arc {
  return { sizeBytes: arcstat(bytes, arcSize, "size"), minimumBytes: arcstat(bytes, arcMinimum, "c_min") };
}

function arcstat(bytes: Uint8Array, prefix: Uint8Array, name: string): number {
  const line = findLine(bytes, prefix);
  return required(
    line === undefined ? undefined : readUnsigned(bytes, nextField(bytes, nextField(bytes, line))),
    name,
  );
}
