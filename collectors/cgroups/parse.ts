/** The files of control groups (kernel: `Documentation/admin-guide/cgroup-v2.rst`, `cgroup-v1/`), as bytes. */
import {
  bytesOf,
  fieldEnd,
  lineEnd,
  nextField,
  nextLine,
  readUnsigned,
  startsWith,
  textAt,
} from "../../lib/ascii.ts";

/** Version 1 writes "no limit" as the largest multiple of a page: nothing has 2^60 bytes. */
const noLimit = 2 ** 60;

/** A limit: Infinity for `max`, for a number that means none, and for a file that holds none. */
export function parseLimit(bytes: Uint8Array): number {
  const value = readUnsigned(bytes, 0);
  return value === undefined || value >= noLimit ? Infinity : value;
}

/** `cpu.max`: `max 100000` or `150000 100000`, microseconds that may be used in a period of so many; in processors. */
export function parseCpuMax(bytes: Uint8Array): number {
  return coresOf(readUnsigned(bytes, 0), readUnsigned(bytes, nextField(bytes, 0)));
}

/** Processors that a quota in a period makes; Infinity without either. */
export function coresOf(quota: number | undefined, period: number | undefined): number {
  return quota === undefined || period === undefined || period === 0 ? Infinity : quota / period;
}

/** What went to and from block devices, cumulative, in the wire's words. */
export interface BlockTraffic {
  read_bytes: number;
  write_bytes: number;
  read_ops: number;
  write_ops: number;
}

const ioFields: readonly [prefix: Uint8Array, field: keyof BlockTraffic][] = [
  [bytesOf("rbytes="), "read_bytes"],
  [bytesOf("wbytes="), "write_bytes"],
  [bytesOf("rios="), "read_ops"],
  [bytesOf("wios="), "write_ops"],
];

/** Sums `io.stat` (version 2), lines of `8:0 rbytes=1 wbytes=2 rios=3 wios=4 …`, over the devices that `counts` is true for. */
export function sumIoStat(bytes: Uint8Array, counts: (device: string) => boolean): BlockTraffic {
  const sum: BlockTraffic = { read_bytes: 0, write_bytes: 0, read_ops: 0, write_ops: 0 };
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    if (!counts(textAt(bytes, line, fieldEnd(bytes, line)))) continue;
    const end = lineEnd(bytes, line);
    for (let at = nextField(bytes, line); at < end; at = nextField(bytes, at)) {
      for (const [prefix, field] of ioFields) {
        if (startsWith(bytes, at, prefix)) sum[field] += readUnsigned(bytes, at + prefix.length) ?? 0;
      }
    }
  }
  return sum;
}

const readWord = bytesOf("Read ");
const writeWord = bytesOf("Write ");

/** Sums a file of `blkio.throttle` (version 1), lines of `8:0 Read 1`, `8:0 Write 2`, …, over the devices that `counts` is true for. */
export function sumBlkio(
  bytes: Uint8Array,
  counts: (device: string) => boolean,
): { readonly read: number; readonly write: number } {
  let read = 0;
  let write = 0;
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    const word = nextField(bytes, line);
    const isRead = startsWith(bytes, word, readWord);
    if (!isRead && !startsWith(bytes, word, writeWord)) continue;
    if (!counts(textAt(bytes, line, fieldEnd(bytes, line)))) continue;
    const value = readUnsigned(bytes, nextField(bytes, word)) ?? 0;
    if (isRead) read += value;
    else write += value;
  }
  return { read, write };
}
