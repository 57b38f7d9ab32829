/**
 * `/proc/net/{tcp,tcp6,udp,udp6}` (proc_pid_net(5); kernel: `net/ipv4/tcp_ipv4.c`, `net/ipv4/udp.c`): a heading, then one socket per line,
 *
 * ```
 *    0: 0100007F:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000   0   0 1605 1 …
 * ```
 *
 * local and remote address and port, state, send and receive queue, timers, retransmissions, user, timeouts, inode. Addresses are
 * words of 32 bits in the host's byte order (little-endian), ports are not. The limit of an accept queue is not told.
 */
import type { ListeningSocket } from "../../ffi/listening_sockets.ts";
import { lineEnd, nextLine, textAt } from "../../lib/ascii.ts";
import { ipAddressText } from "../../lib/ip_address.ts";
import { requireWholeLines } from "../host_file.ts";

const line =
  /^\s*\d+: ((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8}) \S+ \S+ +(\d+) +\d+ (\d+)/;

/** LISTEN, and CLOSE for UDP without a peer (`net/tcp_states.h`). */
const listeningState = { tcp: "0A", udp: "07" } as const;

/**
 * Parses the listening sockets of a table.
 *
 * @throws When a line is malformed or cut off.
 */
export function parseSocketTable(
  bytes: Uint8Array,
  protocol: ListeningSocket["protocol"],
): ListeningSocket[] {
  requireWholeLines(bytes);
  const sockets: ListeningSocket[] = [];
  for (let at = nextLine(bytes, 0); at < bytes.length; at = nextLine(bytes, at)) {
    const found = line.exec(textAt(bytes, at, lineEnd(bytes, at)));
    if (found === null) throw new Error("a line does not describe a socket");
    const [, address = "", port = "", state, send = "", receive = "", uid = "", inode = ""] = found;
    if (state !== listeningState[protocol]) continue;
    sockets.push({
      protocol,
      address: ipAddressText(addressBytes(address)),
      port: parseInt(port, 16),
      uid: Number(uid),
      inode: Number(inode),
      receiveQueue: parseInt(receive, 16),
      ...(protocol === "udp" ? { sendQueue: parseInt(send, 16) } : {}),
    });
  }
  return sockets;
}

function addressBytes(hexadecimal: string): Uint8Array {
  const view = new DataView(new ArrayBuffer(hexadecimal.length / 2));
  for (let at = 0; at < hexadecimal.length; at += 8) {
    view.setUint32(at / 2, parseInt(hexadecimal.slice(at, at + 8), 16), true);
  }
  return new Uint8Array(view.buffer);
}
