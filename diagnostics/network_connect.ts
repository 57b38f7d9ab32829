/** `NETWORK_DIAG`: so far `connect`, the time that TCP connections to a target take. */
import { type Clock, sleep } from "../lib/clock.ts";
import { errorChain } from "../lib/log.ts";
import type { CommandResultPayload } from "../protocol/command.ts";
import { diagnostic, type DiagnosticContext } from "./diagnostic.ts";
import { isMetadataAddress, parseTarget } from "./target.ts";

const defaultCount = 4;
const attemptDeadlineMs = 5_000;
/** Time between attempts, so that many of them are no flood. */
const attemptsApartMs = 100;

type Attempt = NonNullable<CommandResultPayload<"NETWORK_DIAG">["ping_results"]>[number];

/** The network doors, replaced in tests. */
export interface NetworkDoors {
  /** All addresses of a name, in the resolver's order; an address is its own. Rejects when there is none. */
  resolve(name: string): Promise<string[]>;
  /** Connects and disconnects. Rejects with the reason when it can't, or with the signal's. */
  connect(address: string, port: number, signal: AbortSignal): Promise<void>;
}

const systemDoors: NetworkDoors = {
  async resolve(name) {
    // Loaded when first asked for: it costs memory. Unlike a DNS client it knows /etc/hosts.
    const { lookup } = await import("node:dns/promises");
    const found = await lookup(name, { all: true });
    return found.map(({ address }) => address);
  },
  async connect(address, port, signal) {
    const connection = await Deno.connect({ hostname: address, port, signal });
    connection.close();
  },
};

/** Runs `NETWORK_DIAG`. */
export const networkDiagnostic = diagnostic(
  "NETWORK_DIAG",
  ["linux", "windows", "darwin"],
  async ({ action, target, count }, context) => {
    if (action !== "connect") {
      throw new Error(`unsupported: this agent has no NETWORK_DIAG action "${action}", only "connect"`);
    }
    if (target === undefined) throw new Error('NETWORK_DIAG connect needs a target, e.g. "example.org:443"');
    return {
      action,
      target,
      ping_results: await connectAttempts(target, count ?? defaultCount, context, systemDoors),
    };
  },
);

/**
 * Connects `count` times, one after the other. The name is resolved once; the first attempt tries its addresses in turn,
 * the others go where that one got through. An aborted signal ends it early with what there is.
 *
 * @throws When the target is malformed, does not resolve or is a cloud's metadata address.
 */
export async function connectAttempts(
  target: string,
  count: number,
  { clock, signal }: Pick<DiagnosticContext, "clock" | "signal">,
  doors: NetworkDoors,
): Promise<Attempt[]> {
  const { host, port } = parseTarget(target);
  let addresses: string[];
  try {
    addresses = await doors.resolve(host);
  } catch (cause) {
    throw new Error(`Cannot resolve ${host}`, { cause });
  }
  if (addresses.length === 0) throw new Error(`Cannot resolve ${host}: it has no address`);
  if (addresses.some(isMetadataAddress)) {
    throw new Error(
      `Refused: ${host} is a cloud's metadata address, which hands out credentials and is no target of a diagnosis`,
    );
  }
  const attempts: Attempt[] = [];
  for (let seq = 1; seq <= count && !signal.aborted; seq++) {
    if (seq > 1) await sleep(clock, attemptsApartMs, signal);
    let attempt: Attempt | undefined;
    for (const address of addresses) {
      attempt = await connectOnce(seq, address, port, clock, signal, doors);
      if (!attempt.success) continue;
      addresses = [address];
      break;
    }
    // What was interrupted says nothing about the target.
    if (attempt !== undefined && (attempt.success || !signal.aborted)) attempts.push(attempt);
  }
  return attempts;
}

async function connectOnce(
  seq: number,
  address: string,
  port: number,
  clock: Clock,
  signal: AbortSignal,
  doors: NetworkDoors,
): Promise<Attempt> {
  const peer = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const deadline = new AbortController();
  const cancel = clock.after(
    attemptDeadlineMs,
    () => deadline.abort(new Error(`no answer within ${attemptDeadlineMs / 1_000} s`)),
  );
  const startedMs = clock.monotonicMs();
  try {
    await doors.connect(address, port, AbortSignal.any([signal, deadline.signal]));
    const rtt = Math.round((clock.monotonicMs() - startedMs) * 1e6);
    return { seq, success: true, rtt, peer, response: "connected" };
  } catch (error) {
    return { seq, success: false, peer, response: errorChain(error) };
  } finally {
    cancel();
  }
}
