/**
 * The kernel's list of TCP sockets over netlink (sock_diag(7), `linux/netlink.h`, `linux/inet_diag.h`): it costs less than reading
 * `/proc/net/tcp` and `tcp6` (a third with few sockets) and is allowed to every user. It sees this process's network namespace.
 *
 * Request: `nlmsghdr` (16 bytes: length u32, type u16, flags u16, sequence u32, port u32), then `inet_diag_req` (60 bytes: family, source
 * and destination prefix and extensions u8 each, socket id of 48, state mask u32, table u32). This first form of the request lists IPv4
 * and IPv6 at once, whatever its family; the newer one takes a family, and the kernel would walk its table twice.
 *
 * Reply: datagrams of messages, each an `nlmsghdr` and an `inet_diag_msg` (family u8, state u8, …), ended by NLMSG_DONE. Numbers are
 * in the host's byte order: little-endian.
 */
import { openSocket, type RawSocket } from "./libc.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_SOCK_DIAG = 4;
const TCPDIAG_GETSOCK = 18;
const NLM_F_REQUEST = 0x001;
const NLM_F_DUMP = 0x300;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;

const headerBytes = 16;
const statesOffset = headerBytes + 52;
const requestBytes = headerBytes + 60;
/** What the kernel fills at most in one datagram of a dump. */
const replyBytes = 32 * 1024;

/** One more than the highest TCP state (`net/tcp_states.h`): 1 ESTABLISHED … 11 CLOSING, 12 NEW_SYN_RECV. */
export const tcpStateCount = 13;
/** States 1 to 12. */
const allStates = 0x1ffe;

/** Reply buffer, used from call to call. */
const reply = new Uint8Array(replyBytes);
const request = requestFor(allStates);

function requestFor(states: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(requestBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, requestBytes, true);
  view.setUint16(4, TCPDIAG_GETSOCK, true);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, true);
  view.setUint32(statesOffset, states, true);
  return bytes;
}

/**
 * Counts this machine's TCP sockets, IPv4 and IPv6, by state: `counts[10]` listen, for example.
 *
 * @throws When the kernel has no socket diagnostics or refuses.
 */
export function countTcpStates(counts: Uint32Array): void {
  counts.fill(0);
  let socket: RawSocket | undefined;
  try {
    socket = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
    socket.send(request);
    while (!countReply(reply.subarray(0, socket.receive(reply)), counts));
  } catch (cause) {
    throw new Error("Cannot list TCP sockets over netlink", { cause });
  } finally {
    socket?.close();
  }
}

/**
 * Adds the sockets of one datagram to `counts` by state; true when it ends the list.
 *
 * @throws When it is malformed or carries an error of the kernel's.
 */
export function countReply(datagram: Uint8Array, counts: Uint32Array): boolean {
  return eachMessage(datagram, (type, start) => {
    const state = datagram[start + 1] ?? 0;
    if (type === TCPDIAG_GETSOCK && state < counts.length) counts[state] = (counts[state] ?? 0) + 1;
  });
}

/** An error that the kernel answers with. */
export class NetlinkError extends Error {
  override readonly name = "NetlinkError";
  constructor(readonly errno: number) {
    super(`The kernel answers with errno ${errno}`);
  }
}

/**
 * Calls `visit` with the type and the payload's bounds of each message of a datagram; true when it ends the answer.
 *
 * @throws {NetlinkError} When it carries an error of the kernel's.
 * @throws When it is malformed.
 */
export function eachMessage(
  datagram: Uint8Array,
  visit: (type: number, start: number, end: number) => void,
): boolean {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  for (let at = 0; at < datagram.length;) {
    if (at + headerBytes > datagram.length) throw new Error("A message header is cut off");
    const length = view.getUint32(at, true);
    const type = view.getUint16(at + 4, true);
    if (length < headerBytes + 4 || at + length > datagram.length) {
      throw new Error(
        `A message of type ${type} gives ${length} as its length, with ${datagram.length - at} left`,
      );
    }
    // The payload begins with a negative errno, or 0.
    const error = type === NLMSG_ERROR || type === NLMSG_DONE ? view.getInt32(at + headerBytes, true) : 0;
    if (error < 0) throw new NetlinkError(-error);
    if (type === NLMSG_DONE) return true;
    visit(type, at + headerBytes, at + length);
    at += (length + 3) & ~3; // Messages are aligned to 4 bytes.
  }
  return false;
}
