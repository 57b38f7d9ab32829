/** `utmp`: who is logged in. */
import { parseUtmpRecord, USER_PROCESS, type UtmpRecord, type UtmpRecordSize } from "../utmp.ts";

/** Largest `ut_type`. */
const ACCOUNTING = 9;

const sizes: readonly UtmpRecordSize[] = [384, 400];

/**
 * The logins in an `utmp` file, as `who` lists them; `undefined` when it is in no known form. The file may come from another
 * architecture: its length and its types tell the size of its records.
 */
export function parseUtmp(utmp: Uint8Array): UtmpRecord[] | undefined {
  for (const size of sizes) {
    if (utmp.length % size !== 0) continue;
    const records: UtmpRecord[] = [];
    for (let at = 0; at < utmp.length; at += size) {
      const record = parseUtmpRecord(utmp, at, size);
      if (record !== undefined) records.push(record);
    }
    if (records.every(({ type }) => type >= 0 && type <= ACCOUNTING)) {
      return records.filter(({ type, user }) => type === USER_PROCESS && user !== "");
    }
  }
  return undefined;
}
