/**
 * `/proc/net/tcp` and `tcp6` (proc_pid_net(5); kernel: `net/ipv4/tcp_ipv4.c`): a line of heading, then one socket per line,
 * `   0: 00000000:07E8 00000000:0000 0A …`. The fourth field is the state, two hexadecimal digits.
 */
import { fieldEnd, nextField, nextLine, skipBlanks } from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";

/**
 * Adds the sockets to `counts` by state (`net/tcp_states.h`). A state beyond its length is left out.
 *
 * @throws When a line is malformed or cut off.
 */
export function countTcpTable(bytes: Uint8Array, counts: Uint32Array): void {
  requireWholeLines(bytes);
  for (let at = nextLine(bytes, 0); at < bytes.length; at = nextLine(bytes, at)) {
    const local = nextField(bytes, skipBlanks(bytes, at));
    const field = nextField(bytes, nextField(bytes, local));
    const state = hexDigit(bytes[field]) * 16 + hexDigit(bytes[field + 1]);
    if (Number.isNaN(state) || fieldEnd(bytes, field) !== field + 2) {
      throw new Error("a line has no state of two hexadecimal digits");
    }
    if (state < counts.length) counts[state] = (counts[state] ?? 0) + 1;
  }
}

/** Value of an upper-case hexadecimal digit, as the kernel writes them; NaN for anything else. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  return byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : NaN;
}
