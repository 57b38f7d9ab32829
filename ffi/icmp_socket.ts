/**
 * One ICMP socket (icmp(7), raw(7), recvmsg(2), cmsg(3), ip(7), `linux/errqueue.h`), x86-64 and arm64.
 *
 * `struct msghdr` (56 bytes): name and its length at 0 and 8, vector and its length at 16 and 24, control and its length at 32 and 40, flags
 * at 48. `struct iovec` (16): base, length. `struct cmsghdr` (16): length u64, level i32, type i32, then data aligned to 8. Header, vector,
 * name, control and data lie in one buffer: memory whose address stands in a structure is not kept alive by it.
 */
import { errno, loadLibc } from "./libc.ts";

const symbols = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "i32" },
  recvmsg: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32", nonblocking: true },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

let loaded: Deno.DynamicLibrary<typeof symbols> | undefined;

function libc(): Deno.DynamicLibrary<typeof symbols>["symbols"] {
  loaded ??= loadLibc(symbols);
  return loaded.symbols;
}

/** IP version. */
export type IcmpFamily = 4 | 6;

/** Constants of the kernel's headers, by IP version. */
const constants = {
  4: { family: 2, protocol: 1, level: 0, receiveErrors: 11, reply: 0, addressBytes: 16, addressAt: 4 },
  6: { family: 10, protocol: 58, level: 41, receiveErrors: 25, reply: 129, addressBytes: 28, addressAt: 8 },
} as const;

const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const SOL_SOCKET = 1;
const SO_TIMESTAMPNS = 35;
const MSG_DONTWAIT = 0x40;
const MSG_ERRQUEUE = 0x2000;
const POLLIN = 1;
const CLOCK_REALTIME = 0;

const vectorAt = 56;
const nameAt = 72;
const controlAt = 104;
const controlBytes = 512;
const dataAt = controlAt + controlBytes;
const dataBytes = 2048;

/** Messages taken at one go: a flood must not keep this process from anything else. */
const batch = 1_000;

/** Something that came for an echo request. */
export type IcmpMessage =
  /** `echo` begins with the ICMP header. `atNs`: when the kernel received it, on its wall clock. */
  | { readonly kind: "reply"; readonly echo: Uint8Array; readonly atNs?: bigint }
  /** `echo` is the request that it is about. */
  | {
    readonly kind: "error";
    readonly echo: Uint8Array;
    readonly type: number;
    readonly code: number;
    readonly reason: string;
  };

/** Whether a request was sent, and when, on the kernel's wall clock. */
export type IcmpSent = { readonly ok: true; readonly atNs: bigint } | {
  readonly ok: false;
  readonly reason: string;
};

/** An open socket. */
export interface IcmpSocket {
  readonly descriptor: number;
  /** Sends an ICMP message to an address of the socket's family. */
  send(message: Uint8Array<ArrayBuffer>, address: Uint8Array): IcmpSent;
  /** What came meanwhile: copies, replies and errors only. It does not wait. */
  receive(): IcmpMessage[];
  close(): void;
}

/**
 * Opens a datagram socket, or a raw one where that is not allowed.
 *
 * @throws When the kernel allows neither.
 */
export function openIcmpSocket(version: IcmpFamily): IcmpSocket {
  const { family, protocol, level, receiveErrors } = constants[version];
  let raw = false;
  let descriptor = libc().socket(family, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
  if (descriptor < 0) {
    const datagramErrno = errno();
    raw = true;
    descriptor = libc().socket(family, SOCK_RAW | SOCK_CLOEXEC, protocol);
    if (descriptor < 0) {
      throw new Error(`Datagram socket: errno ${datagramErrno}, raw socket: errno ${errno()}`);
    }
  }
  const yes = new Uint8Array(new Int32Array([1]).buffer);
  // Without them a reply has no time of the kernel's, and an error is a time-out: worse, not wrong.
  libc().setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, yes, yes.length);
  libc().setsockopt(descriptor, level, receiveErrors, yes, yes.length);
  const message = messageBuffer();
  return {
    descriptor,
    send: (request, address) => sendTo(descriptor, version, request, address),
    receive() {
      const found: IcmpMessage[] = [];
      for (let count = 0; count < batch; count++) {
        const length = receiveInto(message, descriptor, 0);
        if (length === undefined) break;
        const echo = replyIn(message.subarray(dataAt, dataAt + length), version, raw);
        if (echo === undefined) continue;
        const stamp = controlOf(message, SOL_SOCKET, SO_TIMESTAMPNS);
        found.push({ kind: "reply", echo, ...(stamp === undefined ? {} : { atNs: nanoseconds(stamp) }) });
      }
      for (let count = 0; count < batch; count++) {
        const length = receiveInto(message, descriptor, MSG_ERRQUEUE);
        if (length === undefined) break;
        const error = controlOf(message, level, receiveErrors);
        if (error === undefined) continue;
        // struct sock_extended_err: errno u32, origin u8, type u8, code u8.
        const code = error.getUint32(0, true);
        const echo = message.slice(dataAt, dataAt + length);
        found.push({
          kind: "error",
          echo,
          type: error.getUint8(5),
          code: error.getUint8(6),
          reason: reasonOf(code),
        });
      }
      return found;
    },
    close: () => void libc().close(descriptor),
  };
}

/** Waits until one of the sockets has something, at most `timeoutMs`. It holds one of the runtime's blocking threads meanwhile. */
export async function pollSockets(sockets: readonly IcmpSocket[], timeoutMs: number): Promise<void> {
  const entries = new Uint8Array(sockets.length * 8); // struct pollfd: descriptor i32, events i16, what happened i16.
  const view = new DataView(entries.buffer);
  sockets.forEach(({ descriptor }, index) => {
    view.setInt32(index * 8, descriptor, true);
    view.setInt16(index * 8 + 4, POLLIN, true);
  });
  await libc().poll(entries, BigInt(sockets.length), Math.ceil(timeoutMs));
}

function sendTo(
  descriptor: number,
  version: IcmpFamily,
  request: Uint8Array<ArrayBuffer>,
  address: Uint8Array,
): IcmpSent {
  const { family, addressBytes, addressAt } = constants[version];
  const name = new Uint8Array(addressBytes); // struct sockaddr_in or sockaddr_in6
  new DataView(name.buffer).setUint16(0, family, true);
  name.set(address, addressAt);
  const now = new Uint8Array(16);
  for (let attempt = 0;; attempt++) {
    libc().clock_gettime(CLOCK_REALTIME, now);
    const sent = libc().sendto(descriptor, request, BigInt(request.length), MSG_DONTWAIT, name, name.length);
    if (sent === request.length) return { ok: true, atNs: nanoseconds(new DataView(now.buffer)) };
    // An error that an earlier request met is reported once to whatever call comes next; its own request learns of it from the queue.
    if (attempt === 1) return { ok: false, reason: reasonOf(errno()) };
  }
}

/** A buffer whose header points to its own parts. */
function messageBuffer(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(dataAt + dataBytes);
  const view = new DataView(bytes.buffer);
  const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
  view.setBigUint64(0, base + BigInt(nameAt), true);
  view.setBigUint64(16, base + BigInt(vectorAt), true);
  view.setBigUint64(24, 1n, true);
  view.setBigUint64(32, base + BigInt(controlAt), true);
  view.setBigUint64(vectorAt, base + BigInt(dataAt), true);
  view.setBigUint64(vectorAt + 8, BigInt(dataBytes), true);
  return bytes;
}

/** Receives one message into the buffer; its length, `undefined` when there is none. */
function receiveInto(
  message: Uint8Array<ArrayBuffer>,
  descriptor: number,
  flags: number,
): number | undefined {
  const view = new DataView(message.buffer);
  view.setUint32(8, controlAt - nameAt, true); // The kernel has overwritten both with what it used.
  view.setBigUint64(40, BigInt(controlBytes), true);
  const length = libc().recvmsg(descriptor, message, MSG_DONTWAIT | flags);
  return length < 0 ? undefined : length;
}

/** Data of the control message of a level and type; `undefined` when there is none. */
function controlOf(message: Uint8Array<ArrayBuffer>, level: number, type: number): DataView | undefined {
  const view = new DataView(message.buffer);
  const end = controlAt + Math.min(controlBytes, Number(view.getBigUint64(40, true)));
  for (let at = controlAt; at + 32 <= end;) { // A header and 16 bytes of data: what both kinds need.
    const length = Number(view.getBigUint64(at, true));
    if (length < 16 || at + length > end) return undefined;
    const found = view.getInt32(at + 8, true) === level && view.getInt32(at + 12, true) === type;
    if (found && length >= 32) return new DataView(message.buffer, at + 16, length - 16);
    at += (length + 7) & ~7;
  }
  return undefined;
}

/** A copy of the echo reply in a datagram, without the IPv4 header that a raw socket shows; `undefined` for anything else. */
function replyIn(datagram: Uint8Array, version: IcmpFamily, raw: boolean): Uint8Array | undefined {
  const start = raw && version === 4 ? ((datagram[0] ?? 0) & 0x0f) * 4 : 0;
  return datagram[start] === constants[version].reply ? datagram.slice(start) : undefined;
}

/** `struct timespec`: seconds and nanoseconds. */
function nanoseconds(view: DataView): bigint {
  return view.getBigInt64(0, true) * 1_000_000_000n + view.getBigInt64(8, true);
}

/** `errno` numbers that sending and the error queue give, in words (errno(3)). */
const reasons: Readonly<Record<number, string>> = {
  1: "not permitted (a firewall of this host)",
  13: "not permitted (a broadcast address, or a prohibited network)",
  90: "packet too large",
  101: "network unreachable",
  105: "no buffer space",
  111: "port unreachable",
  113: "host unreachable",
};

function reasonOf(code: number | undefined): string {
  return code === undefined ? "unknown error" : reasons[code] ?? `errno ${code}`;
}
