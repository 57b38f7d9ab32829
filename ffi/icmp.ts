/**
 * Echo requests (`ping`) over ICMP sockets on Linux: icmp(7), RFC 792, RFC 4443.
 *
 * A datagram socket (`SOCK_DGRAM`) is allowed to the groups in `net.ipv4.ping_group_range`, for IPv6 too; a raw one needs CAP_NET_RAW. All
 * probes of a call share one socket per family and one poll(2), which runs on a blocking thread for 200 ms at most. Times are the
 * kernel's (SO_TIMESTAMPNS), so that they are those of the network and not of this process; errors that routers report come through
 * the error queue (IP_RECVERR, ip(7)).
 *
 * A probe is recognised by 16 random bytes in its payload: neither another program's echoes nor forged ones count.
 */
import type { Clock } from "../lib/clock.ts";
import { parseIpAddress } from "../lib/ip_address.ts";
import {
  type IcmpFamily,
  type IcmpMessage,
  type IcmpSocket,
  openIcmpSocket,
  pollSockets,
} from "./icmp_socket.ts";

/** Whom to ask, and how often. */
export interface EchoTarget {
  /** IPv4 or IPv6 address. */
  readonly address: string;
  readonly count: number;
  /** From one request to the next. */
  readonly intervalMs: number;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
}

/** What became of one request. */
export type EchoOutcome =
  | { readonly status: "answered"; readonly roundTripMs: number }
  | { readonly status: "timeout" }
  /** It could not be sent, or a router or the target refused it. ICMP type and code where one said so. */
  | { readonly status: "failed"; readonly reason: string; readonly type?: number; readonly code?: number };

/** Thrown where the kernel allows neither kind of ICMP socket; the message says what to grant. */
export class IcmpDeniedError extends Error {
  override readonly name = "IcmpDeniedError";
}

/** Longest poll: a blocking thread is taken so long. */
const pollMs = 200;
const headerBytes = 8;
const tokenBytes = 16;

interface Probe {
  readonly target: EchoTarget;
  readonly family: IcmpFamily;
  readonly address: Uint8Array<ArrayBuffer>;
  readonly datagram: Uint8Array<ArrayBuffer>;
  readonly dueMs: number;
  sentMs?: number;
  /** Wall clock of the kernel, nanoseconds. */
  sentNs?: bigint;
  outcome?: EchoOutcome;
}

/** Whether echo requests may be sent: `undefined`, or what to grant. */
export function icmpDenial(family: IcmpFamily = 4): string | undefined {
  try {
    openOrDeny(family).close();
    return undefined;
  } catch (error) {
    if (error instanceof IcmpDeniedError) return error.message;
    throw error;
  }
}

function denialOf(family: IcmpFamily): string {
  return `The kernel allows no ICMP${
    family === 6 ? "v6" : ""
  } socket: let the agent's group send echo requests ` +
    "(sysctl net.ipv4.ping_group_range), or grant the agent CAP_NET_RAW";
}

/**
 * Sends all requests and waits for the answers: one list of outcomes for each target, in order. It ends when every request is answered
 * or timed out, or early when `signal` is aborted; what was under way is then a time-out.
 *
 * @throws {IcmpDeniedError} Where the kernel allows no ICMP socket.
 * @throws When an address is none.
 */
export async function echo(
  targets: readonly EchoTarget[],
  clock: Clock,
  signal?: AbortSignal,
): Promise<EchoOutcome[][]> {
  const startMs = clock.monotonicMs();
  const probes = targets.map((target) => probesOf(target, startMs));
  const all = probes.flat();
  const sockets = new Map<IcmpFamily, IcmpSocket>();
  try {
    for (const { family } of all) {
      if (!sockets.has(family)) sockets.set(family, openOrDeny(family));
    }
    await exchange(all, sockets, clock, signal);
  } finally {
    for (const socket of sockets.values()) socket.close();
  }
  return probes.map((list) => list.map(({ outcome }) => outcome ?? { status: "timeout" }));
}

function openOrDeny(family: IcmpFamily): IcmpSocket {
  try {
    return openIcmpSocket(family);
  } catch (cause) {
    throw new IcmpDeniedError(denialOf(family), { cause });
  }
}

let nextSequence = 0;

function probesOf(target: EchoTarget, startMs: number): Probe[] {
  const address = parseIpAddress(target.address);
  if (address === undefined) throw new Error(`"${target.address}" is not an IP address`);
  const family = address.length === 4 ? 4 : 6;
  return Array.from({ length: target.count }, (_, index): Probe => ({
    target,
    family,
    address,
    datagram: echoRequest(family, nextSequence++ & 0xffff),
    dueMs: startMs + index * target.intervalMs,
  }));
}

/** Type, code, checksum, identifier, sequence, token. A datagram socket sets the identifier itself, and the kernel IPv6's checksum. */
export function echoRequest(family: IcmpFamily, sequence: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerBytes + tokenBytes);
  const view = new DataView(bytes.buffer);
  bytes[0] = family === 4 ? 8 : 128;
  crypto.getRandomValues(bytes.subarray(headerBytes));
  view.setUint16(4, view.getUint16(headerBytes));
  view.setUint16(6, sequence);
  view.setUint16(2, checksum(bytes));
  return bytes;
}

/** Internet checksum (RFC 1071) of an even number of bytes. */
function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function tokenOf(echo: Uint8Array): string {
  return echo.subarray(headerBytes, headerBytes + tokenBytes).toHex();
}

/** Sends what is due, takes what came, until nothing is open. */
async function exchange(
  probes: readonly Probe[],
  sockets: ReadonlyMap<IcmpFamily, IcmpSocket>,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<void> {
  const waiting = [...probes].sort((a, b) => a.dueMs - b.dueMs);
  /** Sent and not answered, by token. */
  const open = new Map<string, Probe>();
  while ((waiting.length > 0 || open.size > 0) && !signal?.aborted) {
    for (let next = waiting[0]; next !== undefined && next.dueMs <= clock.monotonicMs(); next = waiting[0]) {
      waiting.shift();
      send(next, sockets.get(next.family), clock);
      if (next.outcome === undefined) open.set(tokenOf(next.datagram), next);
    }
    await pollSockets(
      [...sockets.values()],
      Math.max(0, Math.min(pollMs, nextEventMs(waiting, open) - clock.monotonicMs())),
    );
    const nowMs = clock.monotonicMs();
    for (const socket of sockets.values()) {
      for (const message of socket.receive()) take(message, open, nowMs);
    }
    for (const [token, probe] of open) {
      if (nowMs < timeoutMs(probe)) continue;
      probe.outcome = { status: "timeout" };
      open.delete(token);
    }
  }
}

function timeoutMs({ sentMs = 0, target }: Probe): number {
  return sentMs + target.timeoutMs;
}

function nextEventMs(waiting: readonly Probe[], open: ReadonlyMap<string, Probe>): number {
  let next = waiting[0]?.dueMs ?? Infinity;
  for (const probe of open.values()) next = Math.min(next, timeoutMs(probe));
  return next;
}

function send(probe: Probe, socket: IcmpSocket | undefined, clock: Clock): void {
  probe.sentMs = clock.monotonicMs();
  const sent = socket?.send(probe.datagram, probe.address);
  if (sent?.ok) probe.sentNs = sent.atNs;
  else probe.outcome = { status: "failed", reason: sent?.reason ?? "there is no socket" };
}

function take(message: IcmpMessage, open: Map<string, Probe>, nowMs: number): void {
  const token = tokenOf(message.echo);
  const probe = open.get(token);
  if (probe === undefined) return;
  if (message.kind === "error") {
    const { type, code, reason } = message;
    probe.outcome = { status: "failed", reason, type, code };
  } else {
    const elapsedMs = nowMs - (probe.sentMs ?? nowMs);
    const kernelMs = message.atNs === undefined || probe.sentNs === undefined
      ? undefined
      : Number(message.atNs - probe.sentNs) / 1e6;
    // The wall clock may have been set meanwhile.
    const believable = kernelMs !== undefined && kernelMs >= 0 && kernelMs <= elapsedMs + 1;
    probe.outcome = { status: "answered", roundTripMs: believable ? kernelMs : elapsedMs };
  }
  open.delete(token);
}
