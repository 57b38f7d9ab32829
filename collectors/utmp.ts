/**
 * Records of `utmp`, `wtmp` and `btmp` (utmp(5), glibc's `struct utmp`): 384 bytes where 64-bit and 32-bit programs share the files
 * (x86-64), else 400 (arm64), where session and time are longer. All begin with type i16 at 0, PID i32 at 4, terminal at 8, user at 44,
 * host at 76.
 */

/** Sizes of a record, in bytes. */
export type UtmpRecordSize = 384 | 400;

/** Size of a record on this architecture. */
export const utmpRecordBytes: UtmpRecordSize = Deno.build.arch === "aarch64" ? 400 : 384;

/** `ut_type` of a login. */
export const USER_PROCESS = 7;

/** What a record says. */
export interface UtmpRecord {
  readonly type: number;
  readonly pid: number;
  /** Terminal. */
  readonly line: string;
  readonly user: string;
  /** Host name or address that it came from; empty for a local one. */
  readonly host: string;
  /** Unix time. */
  readonly seconds: number;
}

/** Offset of the time by the size of a record; of the wide one's 64 bits the lower 32 last until 2106. */
const secondsOffsets: Readonly<Record<UtmpRecordSize, number>> = { 384: 340, 400: 344 };

const decoder = new TextDecoder();

/** Reads the record at `at`; `undefined` when it is cut. */
export function parseUtmpRecord(
  bytes: Uint8Array,
  at = 0,
  size: UtmpRecordSize = utmpRecordBytes,
): UtmpRecord | undefined {
  if (bytes.length < at + size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  const text = (offset: number, length: number) => {
    const field = bytes.subarray(at + offset, at + offset + length);
    const end = field.indexOf(0);
    return decoder.decode(end === -1 ? field : field.subarray(0, end));
  };
  return {
    type: view.getInt16(0, true),
    pid: view.getInt32(4, true),
    line: text(8, 32),
    user: text(44, 32),
    host: text(76, 256),
    seconds: view.getUint32(secondsOffsets[size], true),
  };
}
