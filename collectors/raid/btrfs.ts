/**
 * Mounted btrfs file systems, from `/sys/fs/btrfs/<uuid>/` (kernel: fs/btrfs/sysfs.c): what is given to chunks, missing devices, and
 * from Linux 5.14 on the error counters of each device. Single-device file systems count too: their chunks fill up all the same.
 */
import { type HostFs, namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import { clip } from "../../lib/text.ts";
import { maxRaidMembers } from "../../protocol/metrics/raid.ts";
import type { Member, Volume } from "./volume.ts";

const sectorBytes = 512;
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** UUIDs of the mounted btrfs file systems. */
export function btrfsFileSystems(fs: HostFs): string[] {
  return namesIn(fs.sys("fs/btrfs")).filter((name) => uuidPattern.test(name));
}

/** Reads file systems. Labels need not be unique; those that are not are told apart by UUID. */
export function readBtrfsFileSystems(fs: HostFs, uuids: readonly string[]): Volume[] {
  const volumes = uuids.map((uuid) => readBtrfs(fs, uuid));
  const isTaken = ({ name, uuid }: Volume) =>
    volumes.some((other) => other.name === name && other.uuid !== uuid);
  return volumes.map((volume) => isTaken(volume) ? { ...volume, name: volume.uuid ?? volume.name } : volume);
}

function readBtrfs(fs: HostFs, uuid: string): Volume {
  const folder = fs.sys(`fs/btrfs/${uuid}`);
  const label = readText(`${folder}/label`);
  const members = membersOf(folder);
  const missing = members.filter((member) => member.state === "missing").length;
  const level = profileOf(`${folder}/allocation/data`);
  const operation = readText(`${folder}/exclusive_operation`);
  const devices = namesIn(`${folder}/devices`);
  const total = members.length === 0 ? devices.length : members.length;
  return {
    kind: "btrfs",
    name: clip(label === undefined || label === "" ? uuid : label),
    uuid,
    ...(level === undefined ? {} : { level }),
    health: missing > 0 ? "degraded" : "ok",
    devices_total: total,
    devices_active: total - missing,
    devices_missing: missing,
    ...sizesOf(folder, devices),
    ...(operation === undefined || operation === "none" ? {} : { sync_action: clip(operation) }),
    ...sumOf(members),
    ...(members.length === 0 ? {} : { members: members.slice(0, maxRaidMembers) }),
  };
}

function sizesOf(folder: string, devices: readonly string[]): Partial<Volume> {
  const read = (path: string) => readInteger(`${folder}/${path}`);
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const size = sum(devices.map((device) => read(`devices/${device}/size`))) * sectorBytes;
  const allocated = sum(
    ["data", "metadata", "mixed", "system"].map((kind) => read(`allocation/${kind}/disk_total`)),
  );
  const figures = {
    size_bytes: size === 0 ? undefined : size,
    allocated_bytes: allocated === 0 ? undefined : allocated,
    data_total_bytes: read("allocation/data/total_bytes"),
    data_used_bytes: read("allocation/data/bytes_used"),
    metadata_total_bytes: read("allocation/metadata/total_bytes"),
    metadata_used_bytes: read("allocation/metadata/bytes_used"),
  };
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}

/** Profile of the chunks of a kind: the folder named for it. While a balance converts there are two, and both are named. */
function profileOf(folder: string): string | undefined {
  const profiles = namesIn(folder).filter((name) => /^(single|dup|raid\w+)$/.test(name));
  return profiles.length === 0 ? undefined : clip(profiles.join(","));
}

function membersOf(folder: string): Member[] {
  return namesIn(`${folder}/devinfo`).map((id): Member => {
    const missing = readInteger(`${folder}/devinfo/${id}/missing`) === 1;
    const stats = errorStats(readText(`${folder}/devinfo/${id}/error_stats`) ?? "");
    return { name: clip(id), state: missing ? "missing" : "ok", ...stats };
  });
}

/** Parses `error_stats`: lines `write_errs 0`. Flush errors are writes that failed, generation errors are blocks of another time. */
function errorStats(text: string): Partial<Member> {
  const counts = new Map(
    [...text.matchAll(/^(\w+)_errs (\d+)$/gm)].map(([, name, count]) => [name, Number(count)]),
  );
  const of = (name: string) => counts.get(name) ?? 0;
  if (counts.size === 0) return {};
  return {
    read_errors: of("read"),
    write_errors: of("write") + of("flush"),
    checksum_errors: of("corruption") + of("generation"),
  };
}

function sumOf(members: readonly Member[]): Partial<Volume> {
  const sums: Partial<Volume> = {};
  for (const field of ["read_errors", "write_errors", "checksum_errors"] as const) {
    for (const member of members) {
      const count = member[field];
      if (count !== undefined) sums[field] = (sums[field] ?? 0) + count;
    }
  }
  return sums;
}
