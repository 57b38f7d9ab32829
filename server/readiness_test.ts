import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { createReadiness } from "./readiness.ts";

Deno.test("readiness asks the databases at most once a second, and waits 2 s for them", async () => {
  const clock = fakeClock();
  let asked = 0;
  let answer: Promise<never> = Promise.reject(new Error("closed"));
  answer.catch(() => {}); // looked at below
  const isReady = createReadiness(clock, {
    run: () => {
      asked++;
      return answer;
    },
  });
  assert.deepEqual([await isReady(), await isReady(), asked], [false, false, 1]);
  await clock.advance(1000);
  answer = new Promise(() => {});
  const hung = [isReady(), isReady()];
  await clock.advance(2000);
  assert.deepEqual(await Promise.all(hung), [false, false]);
  assert.equal(asked, 2);
});
