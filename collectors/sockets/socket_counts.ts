/**
 * `/proc/net/sockstat` and `sockstat6` (kernel: `net/ipv4/proc.c`, `net/ipv6/proc.c`): how many sockets there are.
 *
 * ```
 * sockets: used 297
 * TCP: inuse 44 orphan 0 tw 4 alloc 47 mem 250
 * ```
 */
import { bytesOf, findLine, lineEnd, nextField, readUnsigned, startsWith } from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";

const used = valueReader("sockets", "used");
const tcpInUse = valueReader("TCP", "inuse");
const tcpOrphaned = valueReader("TCP", "orphan");
const tcpMemory = valueReader("TCP", "mem");
const udpInUse = valueReader("UDP", "inuse");
const tcp6InUse = valueReader("TCP6", "inuse");
const udp6InUse = valueReader("UDP6", "inuse");

/** Makes a reader of the number after `name` in the line that begins with `line` and a colon. */
function valueReader(line: string, name: string): (bytes: Uint8Array) => number {
  const linePrefix = bytesOf(`${line}: `);
  const namePrefix = bytesOf(`${name} `);
  return (bytes) => {
    const start = findLine(bytes, linePrefix);
    if (start !== undefined) {
      const end = lineEnd(bytes, start);
      for (let at = nextField(bytes, start); at < end; at = nextField(bytes, at)) {
        const value = startsWith(bytes, at, namePrefix)
          ? readUnsigned(bytes, nextField(bytes, at))
          : undefined;
        if (value !== undefined) return value;
      }
    }
    throw new Error(`it has no number "${name}" of "${line}"`);
  };
}

/** What `sockstat` says; `inuse` of it is IPv4. */
export interface SocketCounts {
  /** Of all kinds. */
  readonly used: number;
  readonly tcpInUse: number;
  readonly tcpOrphaned: number;
  /** Memory of TCP buffers, in pages. */
  readonly tcpMemoryPages: number;
  readonly udpInUse: number;
}

/**
 * Parses `sockstat`.
 *
 * @throws When it is cut off or lacks one of these numbers.
 */
export function parseSockstat(bytes: Uint8Array): SocketCounts {
  requireWholeLines(bytes);
  return {
    used: used(bytes),
    tcpInUse: tcpInUse(bytes),
    tcpOrphaned: tcpOrphaned(bytes),
    tcpMemoryPages: tcpMemory(bytes),
    udpInUse: udpInUse(bytes),
  };
}

/**
 * Parses `sockstat6`: the same of IPv6.
 *
 * @throws When it is cut off or lacks one of these numbers.
 */
export function parseSockstat6(bytes: Uint8Array): Pick<SocketCounts, "tcpInUse" | "udpInUse"> {
  requireWholeLines(bytes);
  return { tcpInUse: tcp6InUse(bytes), udpInUse: udp6InUse(bytes) };
}
