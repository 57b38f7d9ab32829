/** `/proc/uptime` (proc_uptime(5)) and `/proc/sys/fs/file-nr` (proc_sys_fs(5)). */
import { nextField, readDecimal, readUnsigned } from "../../lib/ascii.ts";

/**
 * Seconds since boot: the first number of `/proc/uptime`.
 *
 * @throws When it does not begin with a number.
 */
export function parseUptime(bytes: Uint8Array): number {
  const seconds = readDecimal(bytes, 0);
  if (seconds === undefined) throw new Error("it does not begin with a number of seconds");
  return seconds;
}

/** Open file handles, and how many there can be; no `most` where there is no limit. */
export interface FileHandles {
  readonly open: number;
  readonly most?: number;
}

/**
 * Parses `/proc/sys/fs/file-nr`: allocated, allocated but free (0 since Linux 2.6), most.
 *
 * @throws When it does not hold three numbers.
 */
export function parseFileHandles(bytes: Uint8Array): FileHandles {
  const second = nextField(bytes, 0);
  const allocated = readUnsigned(bytes, 0);
  const free = readUnsigned(bytes, second);
  const most = readUnsigned(bytes, nextField(bytes, second));
  if (allocated === undefined || free === undefined || most === undefined) {
    throw new Error("it does not hold three numbers");
  }
  // systemd sets the limit to LONG_MAX: there is none then, nor would JSON carry the number.
  return { open: allocated - free, ...(Number.isSafeInteger(most) ? { most } : {}) };
}
