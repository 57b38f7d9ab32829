/**
 * Arrays of Linux md, from `/sys/block/md<number>/md/` (kernel: Documentation/admin-guide/md.rst). `/proc/mdstat` says the same in prose that
 * changed over the years; here every figure is a file.
 */
import { type HostFs, readInteger, readText } from "../../lib/host_fs.ts";
import { percentOf } from "../../lib/round.ts";
import { clip } from "../../lib/text.ts";
import { maxRaidMembers } from "../../protocol/metrics/raid.ts";
import { type Member, namesIn, type Volume } from "./volume.ts";

const sectorBytes = 512;

/** Names of the md arrays of a host. */
export function mdArrays(fs: HostFs): string[] {
  return namesIn(fs.sys("block")).filter((name) =>
    /^md/.test(name) && readText(fs.sys(`block/${name}/md/array_state`)) !== undefined
  );
}

/** Reads one array. */
export function readMdArray(fs: HostFs, name: string): Volume {
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
    ...syncOf(folder),
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
      state: clip(readText(`${folder}/${name}/state`) ?? "unknown"),
      ...(errors === undefined || errors < 0 ? {} : { read_errors: errors }),
    };
  });
}

function has(member: Member, state: string): boolean {
  return member.state.split(",").includes(state);
}

/** Resync, recovery, check or reshape under way; `{}` when there is none. */
function syncOf(folder: string): Partial<Volume> {
  const action = readText(`${folder}/sync_action`);
  if (action === undefined || action === "idle" || action === "frozen") return {};
  const speedKibibytes = readInteger(`${folder}/sync_speed`); // "none" when nothing moves
  const speed = speedKibibytes === undefined ? undefined : speedKibibytes * 1024;
  const progress = /^(\d+) \/ (\d+)$/.exec(readText(`${folder}/sync_completed`) ?? ""); // sectors; "none" or "delayed" before it starts
  const [done, total] = [Number(progress?.[1]), Number(progress?.[2])];
  const left = Math.max(0, total - done) * sectorBytes;
  return {
    sync_action: clip(action),
    ...(speed === undefined ? {} : { sync_bytes_per_second: speed }),
    ...(progress === null ? {} : { sync_percent: percentOf(done, total) }),
    ...(progress === null || speed === undefined || speed === 0
      ? {}
      : { sync_finish_seconds: Math.round(left / speed) }),
  };
}
