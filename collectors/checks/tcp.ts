/** Checks that a TCP port accepts connections. */
import type { CheckContext, CheckOutcome } from "./outcome.ts";
import type { CheckTargetOf } from "./settings.ts";

/** Connects and disconnects. Rejects with the reason when it can't. */
export async function checkTcp(
  { host, port }: CheckTargetOf<"tcp">,
  { clock, signal }: CheckContext,
): Promise<CheckOutcome> {
  const startedMs = clock.monotonicMs();
  const connection = await Deno.connect({ hostname: host, port, signal });
  connection.close();
  return { ok: true, detail: "connected", latencyMs: clock.monotonicMs() - startedMs };
}
