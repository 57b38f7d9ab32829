import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { DeadlineError, sleep, withDeadline } from "./clock.ts";

Deno.test("sleep() ends at its time, or at once when the signal is aborted", async () => {
  const clock = fakeClock();
  let ended = 0;
  const stop = new AbortController();
  sleep(clock, 1000).then(() => ended++);
  sleep(clock, 10_000, stop.signal).then(() => ended++);
  await clock.advance(999);
  assert.equal(ended, 0);
  await clock.advance(1);
  assert.equal(ended, 1);
  stop.abort();
  await clock.advance(0);
  assert.equal(ended, 2);
  assert.equal(clock.pending, 0);
});

Deno.test("withDeadline() gives the outcome, or names what was late", async () => {
  const clock = fakeClock();
  assert.equal(await withDeadline(clock, 10, "it", Promise.resolve(7)), 7);
  const late = assert.rejects(withDeadline(clock, 10, "the reading", new Promise(() => {})), (error) => {
    assert.ok(error instanceof DeadlineError);
    assert.equal(error.message, "the reading did not finish within 10 ms");
    return true;
  });
  await clock.advance(10);
  await late;
  assert.equal(clock.pending, 0);
});
