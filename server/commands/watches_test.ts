import assert from "node:assert/strict";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { createWatches } from "./watches.ts";

Deno.test("watches merge what waits: all types, the shorter interval, the later end", () => {
  const clock = fakeClock();
  const watches = createWatches(clock);
  watches.add("a", { types: ["cpu"], intervalSeconds: 2, untilMs: clock.now() + 30_000 });
  watches.add("a", { types: ["memory", "cpu"], intervalSeconds: 1, untilMs: clock.now() + 10_000 });
  const taken = watches.take("a");
  assert.deepEqual(taken?.args, {
    types: ["cpu", "memory"],
    interval_seconds: 1,
    until: "2026-01-26T10:00:30.000Z",
  });
  assert.equal(watches.take("a"), undefined);
  assert.equal(watches.wasGiven("a", taken?.id ?? ""), true);
  assert.equal(watches.wasGiven("b", taken?.id ?? ""), false);
});

Deno.test("watches give nothing when their time has passed", async () => {
  const clock = fakeClock();
  const watches = createWatches(clock);
  watches.add("a", { types: ["cpu"], intervalSeconds: 1, untilMs: clock.now() + 1000 });
  await clock.advance(1000);
  assert.equal(watches.take("a"), undefined);
});
