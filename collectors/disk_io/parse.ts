/**
 * `/proc/diskstats` (kernel: `Documentation/admin-guide/iostats.rst`): one block device per line,
 * `8 0 sda 5 1 40 7 3 0 24 2 0 9 9 …`.
 *
 * After major, minor and name come 11 numbers, 15 from Linux 4.18 (discards), 17 from 5.5 (flushes); all are counted since boot except
 * the 9th. Sectors are 512 bytes whatever the device's own are. Partitions had 4 numbers before 2.6.25.
 */
import { fieldEnd, nextField, nextLine, readUnsignedFields, skipBlanks, textAt } from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";

/** Position of each number of a line. */
export const column = {
  reads: 0,
  readsMerged: 1,
  sectorsRead: 2,
  readMs: 3,
  writes: 4,
  writesMerged: 5,
  sectorsWritten: 6,
  writeMs: 7,
  inProgress: 8,
  ioMs: 9,
  weightedIoMs: 10,
  discards: 11,
  sectorsDiscarded: 13,
  flushes: 15,
  flushMs: 16,
} as const;

/** How many numbers a line may hold; what newer kernels add at the end is not read. */
const counts: readonly number[] = [11, 15, 17];
const oldPartitionCount = 4;

/** Bytes per sector in this file. */
export const sectorBytes = 512;

/** Is given one device. `numbers` is overwritten at the next call; `count` of it are there. */
export type DeviceVisitor = (name: string, numbers: Float64Array, count: number) => void;

const numbers = new Float64Array(Math.max(...counts));

/**
 * Hands each device to `visit`, in the file's order, partitions included.
 *
 * @throws When a line is malformed or cut off.
 */
export function parseDiskstats(bytes: Uint8Array, visit: DeviceVisitor): void {
  requireWholeLines(bytes);
  for (let at = 0; at < bytes.length; at = nextLine(bytes, at)) {
    const start = nextField(bytes, nextField(bytes, skipBlanks(bytes, at)));
    const name = textAt(bytes, start, fieldEnd(bytes, start));
    const count = readUnsignedFields(bytes, nextField(bytes, start), numbers);
    if (count === oldPartitionCount) continue;
    if (!counts.includes(count)) {
      throw new Error(`device ${JSON.stringify(name)} has ${count} numbers instead of ${counts.join(", ")}`);
    }
    visit(name, numbers, count);
  }
}
