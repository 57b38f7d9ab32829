import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { createPacers } from "./pacer.ts";

Deno.test("createPacers() lets others run every 20 ms of work, and one slice of all work at a time", async () => {
  const clock = fakeClock();
  const begin = createPacers(clock);
  const one = begin();
  const other = begin();
  await clock.advance(19);
  assert.equal(one(), undefined);
  await clock.advance(1);
  const resumed: string[] = [];
  one()?.then(async () => {
    resumed.push("one");
    assert.equal(clock.pending, 1, "the other waits for a timer of its own");
    assert.equal(one(), undefined, "a new slice has begun");
    await Promise.resolve();
  });
  other()?.then(() => resumed.push("other"));
  assert.equal(clock.pending, 1);
  await clock.advance(0);
  assert.deepEqual(resumed, ["one", "other"]);
  assert.equal(clock.pending, 0);
});
