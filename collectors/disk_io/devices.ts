/**
 * What sysfs says of block devices (kernel: `Documentation/ABI/stable/sysfs-block`): `/sys/block` holds whole devices only, a `/` in a
 * name being written `!`.
 */
import { exists, type HostFs, readInteger, readText } from "../../lib/host_fs.ts";

/** A block device that is reported. */
export interface BlockDevice {
  /** Name that people know it by. */
  readonly label?: string;
  /** True for a drive that may have no medium (card reader, DVD, network block device): it is left out until it did any I/O. */
  readonly mayBeEmpty: boolean;
}

/** Memory and files dressed as disks, and floppy drives: their I/O is counted elsewhere, or takes seconds to fail. */
const excluded = /^(ram|loop|zram|fd)\d/;

/** Names of partitions, for a tree without `/sys/block`. */
const partition = /^((s|h|v|xv)d[a-z]+\d+|.*\dp\d+)$/;

/** What is known of the device `name`; `undefined` when it is not to be reported (partitions, memory, a path of a multipath disk). */
export function blockDevice(fs: HostFs, name: string): BlockDevice | undefined {
  if (excluded.test(name)) return undefined;
  const folder = fs.sys(`block/${name.replaceAll("/", "!")}`);
  const sectors = readInteger(`${folder}/size`);
  if (sectors === undefined) {
    // Partitions are not in this folder. Where there is no such folder at all, the name has to tell.
    if (exists(fs.sys("block")) || partition.test(name)) return undefined;
    return { mayBeEmpty: /^(sr|nbd)\d/.test(name) };
  }
  if (readInteger(`${folder}/hidden`) === 1) return undefined;
  const label = readText(`${folder}/dm/name`) ?? readText(`${folder}/device/model`) ??
    readText(`${folder}/device/name`);
  return {
    ...(label === undefined || label.trim() === "" ? {} : { label: label.trim() }),
    mayBeEmpty: sectors === 0 || readInteger(`${folder}/removable`) === 1,
  };
}
