/**
 * `utmp`: who is logged in (utmp(5)), in records of glibc's `struct utmp`, whose size tells its layout: 384 bytes where 64-bit and 32-bit
 * programs share the file (x86-64), else 400 (arm64). Both begin with type i16 at 0, PID i32 at 4, terminal at 8, user at 44, host at 76.
 */

/** One login in `utmp`. */
export interface UtmpLogin {
  readonly user: string;
  readonly tty: string;
  /** Empty for a local login. */
  readonly remoteHost: string;
  readonly pid: number;
  /** Unix time. */
  readonly sinceSeconds: number;
}

/** `ut_type` of a login session. */
const USER_PROCESS = 7;
/** Largest `ut_type`. */
const ACCOUNTING = 9;

const layouts = [{ size: 384, seconds: 340 }, { size: 400, seconds: 344 }] as const;
/** Offset and length of the texts, which end at a zero or at their length. */
const fields = { tty: [8, 32], user: [44, 32], remoteHost: [76, 256] } as const;

const decoder = new TextDecoder();

/** The logins in an `utmp` file, as `who` lists them; `undefined` when it is in no known form. */
export function parseUtmp(utmp: Uint8Array): UtmpLogin[] | undefined {
  const view = new DataView(utmp.buffer, utmp.byteOffset, utmp.byteLength);
  for (const { size, seconds } of layouts) {
    if (utmp.length % size !== 0) continue;
    const logins: UtmpLogin[] = [];
    let at = 0;
    for (; at < utmp.length; at += size) {
      const type = view.getInt16(at, true);
      if (type < 0 || type > ACCOUNTING) break;
      if (type !== USER_PROCESS || utmp[at + fields.user[0]] === 0) continue;
      logins.push({
        user: textIn(utmp, at, fields.user),
        tty: textIn(utmp, at, fields.tty),
        remoteHost: textIn(utmp, at, fields.remoteHost),
        pid: view.getInt32(at + 4, true),
        sinceSeconds: view.getUint32(at + seconds, true),
      });
    }
    if (at >= utmp.length) return logins;
  }
  return undefined;
}

function textIn(bytes: Uint8Array, record: number, [offset, length]: readonly [number, number]): string {
  const field = bytes.subarray(record + offset, record + offset + length);
  const end = field.indexOf(0);
  return decoder.decode(end === -1 ? field : field.subarray(0, end));
}
