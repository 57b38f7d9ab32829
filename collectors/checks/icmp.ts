/** Checks that a host answers echo requests: latency and loss. */
import { echo, type EchoOutcome, IcmpDeniedError } from "../../ffi/icmp.ts";
import { parseIpAddress } from "../../lib/ip_address.ts";
import { percentOf } from "../../lib/round.ts";
import type { CheckContext, CheckOutcome } from "./outcome.ts";
import type { CheckTargetOf } from "./settings.ts";

/** Time between requests, so that they are no burst. */
const intervalMs = 200;

/** Sends the requests within the check's time. It succeeds when any is answered. */
export async function checkIcmp(
  { host, count, timeout_seconds }: CheckTargetOf<"icmp">,
  { clock, signal }: CheckContext,
): Promise<CheckOutcome> {
  const startedMs = clock.monotonicMs();
  const address = parseIpAddress(host) === undefined ? await resolve(host) : host;
  const leftMs = timeout_seconds * 1_000 - (clock.monotonicMs() - startedMs);
  // The last request, too, is to have half of the time for its answer; and it all ends a little before the check does.
  const apartMs = count === 1 ? 0 : Math.min(intervalMs, leftMs / 2 / (count - 1));
  const timeoutMs = Math.max(10, leftMs - apartMs * (count - 1) - 50);
  try {
    const [outcomes = []] = await echo([{ address, count, intervalMs: apartMs, timeoutMs }], clock, signal);
    return summary(outcomes);
  } catch (error) {
    if (error instanceof IcmpDeniedError) return { detail: error.message };
    throw error;
  }
}

async function resolve(host: string): Promise<string> {
  // Loaded when first asked for: it costs memory. Unlike a DNS client it knows /etc/hosts.
  const { lookup } = await import("node:dns/promises");
  return (await lookup(host)).address;
}

/** Joins the outcomes of one target's requests. */
export function summary(outcomes: readonly EchoOutcome[]): CheckOutcome {
  const times = outcomes.flatMap((outcome) => outcome.status === "answered" ? [outcome.roundTripMs] : []);
  const reason = outcomes.map((outcome) => outcome.status === "failed" ? outcome.reason : undefined)
    .find((text) => text !== undefined);
  const detail = `${times.length} of ${outcomes.length} echo requests answered`;
  return {
    ok: times.length > 0,
    detail: reason === undefined ? detail : `${detail}: ${reason}`,
    lossPercent: percentOf(outcomes.length - times.length, outcomes.length),
    ...(times.length === 0 ? {} : { latencyMs: times.reduce((sum, time) => sum + time, 0) / times.length }),
  };
}
