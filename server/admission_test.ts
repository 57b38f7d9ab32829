import assert from "node:assert/strict";
import { createByteBudget, createSlots } from "./admission.ts";

Deno.test("createByteBudget() gives no more than there is", () => {
  const budget = createByteBudget(10);
  const giveBack = budget.take(7);
  assert.equal(budget.take(4), undefined);
  assert.equal(budget.usedBytes, 7);
  giveBack?.();
  assert.ok(budget.take(10));
});

Deno.test("createSlots() runs so much at once, in order, and goes on after a failure", async () => {
  const inSlot = createSlots(2);
  const started: number[] = [];
  const work = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const done = work.map(({ promise }, index) =>
    inSlot(() => {
      started.push(index);
      return promise;
    })
  );
  assert.deepEqual(started, [0, 1]);
  work[1]?.reject(new Error("no"));
  await assert.rejects(done[1] ?? Promise.resolve(), /no/);
  assert.deepEqual(started, [0, 1, 2]);
  for (const { resolve } of work) resolve();
  await Promise.all([done[0], done[2], done[3]]);
  assert.deepEqual(started, [0, 1, 2, 3]);
});
