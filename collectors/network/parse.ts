/**
 * `/proc/net/dev` (proc_pid_net(5); kernel: `net/core/net-procfs.c`): after two lines of heading, one interface per line,
 * `  eth0: 290883154 6768 0 0 0 0 0 0 286236 3930 0 0 0 0 0 0`.
 *
 * Eight numbers of reception (bytes, packets, errors, drops, fifo, frame, compressed, multicast) and eight of sending (bytes, packets,
 * errors, drops, fifo, collisions, carrier, compressed) since the interface was made. No blank need follow the colon.
 */
import { lineEnd, nextLine, readUnsignedFields, skipBlanks, textAt } from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";

/** Position of each number of a line. */
export const column = {
  rxBytes: 0,
  rxPackets: 1,
  rxErrors: 2,
  rxDrops: 3,
  rxMulticast: 7,
  txBytes: 8,
  txPackets: 9,
  txErrors: 10,
  txDrops: 11,
  collisions: 13,
} as const;

const headingLines = 2;
const columns = 16;
const COLON = 0x3a;

/** Is given one interface. `numbers` is overwritten at the next call. */
export type InterfaceVisitor = (name: string, numbers: Float64Array) => void;

const numbers = new Float64Array(columns);

/**
 * Hands each interface to `visit`, in the file's order.
 *
 * @throws When a line is malformed or cut off.
 */
export function parseNetDev(bytes: Uint8Array, visit: InterfaceVisitor): void {
  requireWholeLines(bytes);
  let at = 0;
  for (let line = 0; line < headingLines; line++) at = nextLine(bytes, at);
  for (; at < bytes.length; at = nextLine(bytes, at)) {
    const colon = bytes.indexOf(COLON, at);
    if (colon === -1 || colon > lineEnd(bytes, at)) throw new Error("a line has no interface name");
    const name = textAt(bytes, skipBlanks(bytes, at), colon);
    const count = readUnsignedFields(bytes, colon + 1, numbers);
    if (count !== columns) {
      throw new Error(`interface ${JSON.stringify(name)} has ${count} numbers instead of ${columns}`);
    }
    visit(name, numbers);
  }
}
