/** What a file system's disk is like, from sysfs (kernel: `Documentation/ABI/stable/sysfs-block`). */
import { basename } from "node:path/posix";
import { type HostFs, readInteger, readLink, realPath } from "../../lib/host_fs.ts";
import type { FileSystem } from "./file_systems.ts";

/** `ssd`, `hdd`, `network`, `virtual`, or `undefined` when nothing tells. */
export function diskType(fs: HostFs, fileSystem: FileSystem): string | undefined {
  const device = blockDevice(fs, fileSystem);
  if (device !== undefined) {
    // A partition has no queue of its own: its parent folder is the disk.
    const rotational = readInteger(`${device}/queue/rotational`) ??
      readInteger(`${device}/../queue/rotational`);
    // A hypervisor's disk says "rotational" because nobody told it otherwise.
    if (rotational === 1) return isParavirtual(device) ? "virtual" : "hdd";
    if (rotational === 0) return "ssd";
  }
  return fileSystem.backing === "local" ? undefined : fileSystem.backing;
}

/** Folder of the block device in sysfs. Btrfs and ZFS have device numbers that belong to no device: there the source names it. */
function blockDevice(fs: HostFs, { major, minor, source }: FileSystem): string | undefined {
  if (major !== 0) return fs.sys(`dev/block/${major}:${minor}`);
  if (!/^\/dev\/(mapper\/|disk\/[^/]+\/)?[^/]+$/.test(source)) return undefined;
  return fs.sys(`class/block/${basename(readLink(fs.root(source)) ?? source)}`);
}

/** True for virtio and Xen disks, by the bus that sysfs puts them below. */
function isParavirtual(device: string): boolean {
  return /\/(virtio\d+|vbd-\d+)\//.test(realPath(device) ?? "");
}
