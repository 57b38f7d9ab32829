/**
 * Records of `wtmp` and `btmp` (utmp(5), glibc's `struct utmp`): 384 bytes where 64-bit and 32-bit programs share the files (x86-64),
 * else 400 (arm64).
 */

/** Size of a record on this architecture. */
export const utmpRecordBytes = Deno.build.arch === "aarch64" ? 400 : 384;

/** `ut_type` of a login. */
export const USER_PROCESS = 7;

/** What a record says. */
export interface UtmpRecord {
  readonly type: number;
  readonly timestampMs: number;
  readonly line: string;
  readonly user: string;
  /** Host name or address that it came from; empty for a local one. */
  readonly host: string;
}

const decoder = new TextDecoder();

/** Reads one record; `undefined` when it is cut. */
export function parseUtmpRecord(bytes: Uint8Array): UtmpRecord | undefined {
  if (bytes.length < utmpRecordBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (offset: number, length: number) => {
    const field = bytes.subarray(offset, offset + length);
    const end = field.indexOf(0);
    return decoder.decode(end === -1 ? field : field.subarray(0, end));
  };
  // ut_session is a long where records have 400 bytes, and so are both parts of the time.
  const isWide = utmpRecordBytes === 400;
  const seconds = isWide ? Number(view.getBigInt64(344, true)) : view.getInt32(340, true);
  return {
    type: view.getInt16(0, true),
    timestampMs: seconds * 1_000,
    line: text(8, 32),
    user: text(44, 32),
    host: text(76, 256),
  };
}
