import assert from "node:assert/strict";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { createPolls, type Poll } from "./polls.ts";

const never = new AbortController().signal;

async function resolved(event: Promise<void>): Promise<boolean> {
  let done = false;
  event.then(() => done = true);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return done;
}

Deno.test("polls end the older poll when the agent opens a newer one", async () => {
  const polls = createPolls(fakeClock());
  const older = polls.open("a", 1000, never);
  const event = older.event();
  const newer = polls.open("a", 1000, never);
  assert.equal(older.ended, true);
  assert.equal(await resolved(event), true);
  older.end();
  assert.equal(polls.has("a"), true);
  newer.end();
  assert.equal(polls.size, 0);
});

Deno.test("polls keep a wake that came while nobody waited, and only one", async () => {
  const polls = createPolls(fakeClock());
  const poll = polls.open("a", 1000, never);
  polls.wake("a");
  polls.wake("a");
  assert.equal(await resolved(poll.event()), true);
  const second = poll.event();
  assert.equal(await resolved(second), false);
  polls.wake("a");
  assert.equal(await resolved(second), true);
  polls.endAll();
});

Deno.test("polls free everything when time is up, the client aborts or all are ended", async () => {
  const clock = fakeClock();
  const polls = createPolls(clock);
  const abort = new AbortController();
  const ways: [string, (poll: Poll) => Promise<void> | void][] = [
    ["time", () => clock.advance(1000)],
    ["abort", () => abort.abort()],
    ["all", () => polls.endAll()],
  ];
  for (const [name, way] of ways) {
    const poll = polls.open("a", 1000, name === "abort" ? abort.signal : never);
    await way(poll);
    assert.equal(poll.ended, true, name);
    assert.equal(polls.has("a"), false, name);
    assert.equal(clock.pending, 0, name);
    await poll.event();
  }
});

Deno.test("polls open nothing when the client was gone already", () => {
  const clock = fakeClock();
  const polls = createPolls(clock);
  assert.equal(polls.open("a", 1000, AbortSignal.abort()).ended, true);
  assert.equal(polls.size + clock.pending, 0);
});
