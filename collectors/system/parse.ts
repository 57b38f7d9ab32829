/** `/proc/uptime` (proc_uptime(5)), `/proc/sys/fs/file-nr` (proc_sys_fs(5)) and `utmp` (utmp(5)). */
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

/** `ut_type` of a login session. */
const USER_PROCESS = 7;
/** Largest `ut_type`. */
const ACCOUNTING = 9;
const userOffset = 44;

/**
 * Size of a record of glibc's `struct utmp`: 384 bytes where 64-bit and 32-bit programs share the file (x86-64), else 400 (arm64).
 */
const recordSizes = [384, 400];

/** Login sessions in an `utmp` file, as `who` counts them; `undefined` when it is in no known form. */
export function countLogins(utmp: Uint8Array): number | undefined {
  const view = new DataView(utmp.buffer, utmp.byteOffset, utmp.byteLength);
  for (const size of recordSizes) {
    if (utmp.length % size !== 0) continue;
    let logins = 0;
    let at = 0;
    for (; at < utmp.length; at += size) {
      const type = view.getInt16(at, true);
      if (type < 0 || type > ACCOUNTING) break;
      if (type === USER_PROCESS && utmp[at + userOffset] !== 0) logins++;
    }
    if (at >= utmp.length) return logins;
  }
  return undefined;
}
