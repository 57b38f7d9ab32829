/** Which drives are asked: those that smartctl lists, and the other disks of the host, so that each ends in figures or in a reason. */
import { type HostFs, isDirectory, namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import { smartctlScan } from "./smartctl_json.ts";

/** A drive to ask. */
export interface DriveName {
  /** Path below `/dev/`, e.g. `sda`, `nvme0`, `bus/0`. */
  readonly path: string;
  /** Type to give to smartctl: only for drives behind a controller, which it cannot find out by itself. */
  readonly type?: string;
  /** What tells it from other drives. */
  readonly name: string;
}

/** No path leaves `/dev/`, and none is taken for an option. */
const safePath = /^[A-Za-z0-9][A-Za-z0-9_:.\-]*(\/[A-Za-z0-9][A-Za-z0-9_:.\-]*)*$/;
const safeType = /^[a-z][a-z0-9_,+/:.\-]*$/i;

/** Drives in the output of `smartctl --scan`, which opens none of them: opening could wake them. */
export function parseScan(stdout: string): DriveName[] {
  const { devices } = smartctlScan.parse(JSON.parse(stdout));
  return (devices ?? []).flatMap(({ name, type }): DriveName[] => {
    const path = name.replace(/^\/dev\//, "");
    if (!safePath.test(path) || path.includes("..")) return [];
    if (type === undefined || !type.includes(",") || !safeType.test(type)) return [{ path, name: path }];
    return [{ path, type, name: `${path} ${type}` }];
  });
}

/** Disks that have a device behind them (no loop, md, dm, zram), by their names in `/sys/block`; DVD and floppy drives left out. */
export function disksOf(fs: HostFs): string[] {
  return namesIn(fs.sys("block")).filter((name) =>
    !/^(sr|fd|nbd|rbd|drbd)\d/.test(name) && isDirectory(fs.sys(`block/${name}/device`))
  );
}

/** The scanned drives and those disks that are not among them; an NVMe namespace (`nvme0n1`) is part of its drive (`nvme0`). */
export function drivesToAsk(scanned: readonly DriveName[], disks: readonly string[]): DriveName[] {
  const paths = new Set(scanned.map(({ path }) => path));
  const others = disks.filter((disk) => !paths.has(disk) && !paths.has(disk.replace(/n\d+$/, "")));
  return [...scanned, ...others.map((disk) => ({ path: disk, name: disk }))];
}

/**
 * Reads and writes that a rotating disk has completed; `undefined` for what does not rotate or is not known. A disk whose number stands
 * still may be about to fall asleep, and being asked would begin its wait anew.
 */
export function rotatingDiskOperations(fs: HostFs, disk: string): number | undefined {
  if (readInteger(fs.sys(`block/${disk}/queue/rotational`)) !== 1) return undefined;
  // Documentation/block/stat.rst: reads stand first, writes fifth.
  const fields = readText(fs.sys(`block/${disk}/stat`))?.trim().split(/\s+/).map(Number);
  const [reads, , , , writes] = fields ?? [];
  return reads === undefined || writes === undefined || Number.isNaN(reads + writes)
    ? undefined
    : reads + writes;
}
