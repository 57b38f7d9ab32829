import assert from "node:assert/strict";
import { testAgent } from "../../tests/support/agents.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { createHostChanges } from "./host_changes.ts";

Deno.test("host changes are announced at once and then at most once a second per host", async () => {
  const clock = fakeClock();
  const announced: [string, number][] = [];
  const start = clock.now();
  const changes = createHostChanges(clock, (agent) => announced.push([agent.hostname, clock.now() - start]));
  const one = testAgent({ hostname: "one" });
  for (let step = 0; step < 25; step++) {
    changes.note(one);
    if (step === 3) changes.note(testAgent({ hostname: "two" }));
    await clock.advance(100);
  }
  await clock.advance(5000);
  assert.deepEqual(announced, [["one", 0], ["two", 300], ["one", 1000], ["one", 2000], ["one", 3000]]);
  assert.equal(clock.pending, 0);
});

Deno.test("host changes are forgotten when cleared", async () => {
  const clock = fakeClock();
  let count = 0;
  const changes = createHostChanges(clock, () => count++);
  changes.note(testAgent());
  changes.note(testAgent());
  changes.clear();
  await clock.advance(5000);
  assert.equal(count, 1);
  assert.equal(clock.pending, 0);
});
