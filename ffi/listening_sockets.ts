/**
 * The sockets that wait for somebody, from the kernel over netlink (sock_diag(7), `linux/inet_diag.h`): TCP in state LISTEN and UDP
 * that is not connected. Allowed to every user; it sees this process's network namespace.
 *
 * Request: `nlmsghdr` (16 bytes) and `inet_diag_req_v2` (56: family, protocol, extensions, padding u8 each, state mask u32, socket id of
 * 48). Reply: `inet_diag_msg` (72): family u8, state u8, …, source port u16 at 4 and source address at 8 in network order, receive and send
 * queue u32 at 56 and 60, user u32, inode u32. In LISTEN the queues are the connections that wait and how many may. The rest is in the
 * host's byte order: little-endian.
 */
import { ipAddressText } from "../lib/ip_address.ts";
import { openSocket, type RawSocket } from "./libc.ts";
import { eachMessage } from "./netlink.ts";

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const NETLINK_SOCK_DIAG = 4;
const SOCK_DIAG_BY_FAMILY = 20;
const NLM_F_REQUEST_DUMP = 0x301;
const AF_INET = 2;
const AF_INET6 = 10;

const requestBytes = 16 + 56;
const messageBytes = 72;
const replyBytes = 32 * 1024;

/** IP protocol and the state in which its sockets listen (`net/tcp_states.h`): LISTEN, and CLOSE for UDP without a peer. */
const tables = [
  { protocol: "tcp", number: 6, state: 10 },
  { protocol: "udp", number: 17, state: 7 },
] as const;

/** A listening socket. */
export interface ListeningSocket {
  readonly protocol: "tcp" | "udp";
  /** `0.0.0.0` or `::` for all addresses. */
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  /** 0 where no process holds it. */
  readonly inode: number;
  /** TCP: connections that wait to be accepted. UDP: bytes that wait to be read. */
  readonly receiveQueue: number;
  /** TCP: how many connections may wait; absent where the source does not tell. UDP: bytes that wait to be sent. */
  readonly sendQueue?: number;
}

/**
 * Lists this machine's listening sockets.
 *
 * @throws When the kernel has no socket diagnostics or refuses.
 */
export function listeningSockets(): ListeningSocket[] {
  const sockets: ListeningSocket[] = [];
  const reply = new Uint8Array(replyBytes);
  let socket: RawSocket | undefined;
  try {
    socket = openSocket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
    for (const { protocol, number, state } of tables) {
      for (const family of [AF_INET, AF_INET6]) {
        socket.send(requestFor(family, number, state));
        while (!readListeners(reply.subarray(0, socket.receive(reply)), protocol, sockets));
      }
    }
    return sockets;
  } catch (cause) {
    throw new Error("Cannot list listening sockets over netlink", { cause });
  } finally {
    socket?.close();
  }
}

function requestFor(family: number, protocol: number, state: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(requestBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, requestBytes, true);
  view.setUint16(4, SOCK_DIAG_BY_FAMILY, true);
  view.setUint16(6, NLM_F_REQUEST_DUMP, true);
  view.setUint8(16, family);
  view.setUint8(17, protocol);
  view.setUint32(20, 1 << state, true);
  return bytes;
}

/**
 * Adds the sockets of one datagram to `into`; true when it ends the list.
 *
 * @throws When it is malformed or carries an error of the kernel's.
 */
export function readListeners(
  datagram: Uint8Array,
  protocol: ListeningSocket["protocol"],
  into: ListeningSocket[],
): boolean {
  return eachMessage(datagram, (type, start, end) => {
    if (type !== SOCK_DIAG_BY_FAMILY) return;
    const payload = new DataView(datagram.buffer, datagram.byteOffset + start, end - start);
    if (payload.byteLength < messageBytes) {
      throw new Error(`A socket is described in ${payload.byteLength} bytes instead of ${messageBytes}`);
    }
    const addressBytes = payload.getUint8(0) === AF_INET6 ? 16 : 4;
    into.push({
      protocol,
      address: ipAddressText(new Uint8Array(payload.buffer, payload.byteOffset + 8, addressBytes)),
      port: payload.getUint16(4),
      uid: payload.getUint32(64, true),
      inode: payload.getUint32(68, true),
      receiveQueue: payload.getUint32(56, true),
      sendQueue: payload.getUint32(60, true),
    });
  });
}
