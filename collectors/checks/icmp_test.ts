import assert from "node:assert/strict";
import * as z from "zod/mini";
import { icmpDenial } from "../../ffi/icmp.ts";
import { systemClock } from "../../lib/clock.ts";
import { checkIcmp, summary } from "./icmp.ts";
import { checkSettings } from "./settings.ts";

const allowed = Deno.build.os === "linux" && icmpDenial() === undefined;

Deno.test("summary joins times and losses, and gives the reason of a failure", () => {
  const failed = { status: "failed", reason: "host unreachable" } as const;
  const answered = (roundTripMs: number) => ({ status: "answered", roundTripMs }) as const;
  assert.deepEqual(summary([answered(1), { status: "timeout" }, answered(2)]), {
    ok: true,
    detail: "2 of 3 echo requests answered",
    lossPercent: 33.33,
    latencyMs: 1.5,
  });
  assert.deepEqual(summary([failed, { status: "timeout" }]), {
    ok: false,
    detail: "0 of 2 echo requests answered: host unreachable",
    lossPercent: 100,
  });
});

Deno.test({
  name: "checkIcmp asks this host",
  ignore: !allowed,
  async fn() {
    const [target] =
      z.parse(checkSettings, { targets: [{ name: "a", kind: "icmp", host: "127.0.0.1" }] }).targets;
    assert.ok(target?.kind === "icmp");
    const outcome = await checkIcmp(target, { clock: systemClock, signal: new AbortController().signal });
    assert.deepEqual([outcome.ok, outcome.lossPercent], [true, 0]);
    assert.ok((outcome.latencyMs ?? NaN) < 500);
  },
});
