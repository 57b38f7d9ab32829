/**
 * Arrays of Linux md: every figure from a file in `/sys/block/md<number>/md/` (kernel: Documentation/admin-guide/md.rst), progress from
 * `/proc/mdstat`.
 */
import { type HostFs, namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import { clip } from "../../lib/text.ts";
import { maxRaidMembers } from "../../protocol/metrics/raid.ts";
import { parseMdstat, type SyncProgress } from "./mdstat.ts";
import type { Member, Volume } from "./volume.ts";

const sectorBytes = 512;

/** Names of the md arrays of a host. */
export function mdArrays(fs: HostFs): string[] {
  return namesIn(fs.sys("block")).filter((name) =>
    /^md/.test(name) && readText(fs.sys(`block/${name}/md/array_state`)) !== undefined
  );
}

/** Reads arrays by their names. */
export function readMdArrays(fs: HostFs, names: readonly string[]): Volume[] {
  const progress = names.length === 0 ? undefined : parseMdstat(readText(fs.proc("mdstat")) ?? "");
  return names.map((name) => readMdArray(fs, name, progress?.get(name)));
}

function readMdArray(fs: HostFs, name: string, progress: SyncProgress | undefined): Volume {
  const folder = fs.sys(`block/${name}/md`);
  const state = readText(`${folder}/array_state`) ?? "unknown";
  const level = readText(`${folder}/level`);
  const disks = readInteger(`${folder}/raid_disks`);
  const sectors = readInteger(fs.sys(`block/${name}/size`));
  const mismatches = readInteger(`${folder}/mismatch_cnt`);
  const members = membersOf(folder);
  const active = members.filter((member) => has(member, "in_sync") && !has(member, "faulty")).length;
  // `degraded` exists only for levels with redundancy; without it, every device is needed.
  const missing = readInteger(`${folder}/degraded`) ??
    (disks === undefined ? 0 : Math.max(0, disks - active));
  const uuid = readText(`${folder}/uuid`);
  return {
    kind: "md",
    name: clip(name),
    ...(uuid === undefined || uuid === "" ? {} : { uuid: clip(uuid) }),
    ...(level === undefined || level === "" ? {} : { level: clip(level) }),
    health: healthOf(state, level, missing),
    state: clip(state),
    ...(disks === undefined || disks === 0 ? {} : {
      devices_total: disks,
      devices_active: active,
      devices_missing: missing,
    }),
    devices_spare: members.filter((member) => has(member, "spare") && !has(member, "faulty")).length,
    ...(sectors === undefined || sectors === 0 ? {} : { size_bytes: sectors * sectorBytes }),
    ...(mismatches === undefined ? {} : { mismatches }),
    ...syncOf(folder, progress),
    ...(members.length === 0 ? {} : { members: members.slice(0, maxRaidMembers) }),
  };
}

/** States in which the array answers nothing (md.rst, array_state). */
const stopped = new Set(["clear", "inactive", "broken"]);

/** Levels that lose everything with one device. */
const withoutRedundancy = new Set(["raid0", "linear"]);

function healthOf(state: string, level: string | undefined, missing: number): string {
  // A container (external metadata) holds the disks of other arrays and is always inactive.
  if (state === "inactive" && (level === undefined || level === "container" || level === "")) {
    return "unknown";
  }
  if (stopped.has(state)) return "failed";
  if (missing === 0) return "ok";
  return level !== undefined && withoutRedundancy.has(level) ? "failed" : "degraded";
}

function membersOf(folder: string): Member[] {
  return namesIn(folder).filter((name) => name.startsWith("dev-")).map((name): Member => {
    const errors = readInteger(`${folder}/${name}/errors`);
    return {
      name: clip(name.slice("dev-".length)),
      state: clip(stateOf(`${folder}/${name}`)),
      ...(errors === undefined || errors < 0 ? {} : { read_errors: errors }),
    };
  });
}

/** The kernel calls a device a spare until it is rebuilt; one that has its place in the array already is being rebuilt. */
function stateOf(device: string): string {
  const state = readText(`${device}/state`) ?? "unknown";
  return state === "spare" && readInteger(`${device}/slot`) !== undefined ? "rebuilding" : state;
}

function has(member: Member, state: string): boolean {
  return member.state.split(",").includes(state);
}

/** Resync, recovery, check or reshape under way; `{}` when there is none. */
function syncOf(folder: string, progress: SyncProgress | undefined): Partial<Volume> {
  const action = readText(`${folder}/sync_action`);
  if (action === undefined || action === "idle" || action === "frozen") return {};
  return {
    sync_action: clip(action),
    ...(progress === undefined ? {} : {
      sync_percent: progress.percent,
      sync_bytes_per_second: progress.bytesPerSecond,
      sync_finish_seconds: progress.finishSeconds,
    }),
  };
}
