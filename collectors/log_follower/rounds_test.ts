import assert from "node:assert/strict";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { rounds } from "./rounds.ts";

Deno.test("rounds waits 2 s for a round, and says when the one before has not come back", async () => {
  const clock = fakeClock();
  const { run } = rounds(clock, "the log files");
  const hung = Promise.withResolvers<void>();
  const waited = run(() => hung.promise);
  await clock.advance(2_000);
  await waited;
  await clock.advance(8_000);
  await assert.rejects(run(() => Promise.resolve()), /Reading the log files has not come back for 10 s/);
  hung.resolve();
  await clock.advance(0);
  let ran = false;
  await run(() => Promise.resolve(void (ran = true)));
  assert.ok(ran);
});

Deno.test("rounds passes on why a round failed", async () => {
  const { run } = rounds(fakeClock(), "the log files");
  await assert.rejects(run(() => Promise.reject(new Error("no"))), /^Error: no$/);
  await run(() => Promise.resolve());
});
