import assert from "node:assert/strict";
import { createSlots } from "./admission.ts";

/** Pieces of work in two slots, one for each of `owners`: which have started, and their ends. */
function inTwoSlots(owners: readonly string[]) {
  const inSlot = createSlots(2);
  const started: number[] = [];
  const work = owners.map(() => Promise.withResolvers<void>());
  const done = work.map(({ promise }, index) =>
    inSlot(owners[index] ?? "", () => {
      started.push(index);
      return promise;
    })
  );
  return { started, work, done };
}

Deno.test("createSlots() runs so much at once, in order, and goes on after a failure", async () => {
  const { started, work, done } = inTwoSlots(["a", "b", "c", "d"]);
  await settled();
  assert.deepEqual(started, [0, 1]);
  work[1]?.reject(new Error("no"));
  await assert.rejects(done[1] ?? Promise.resolve(), /no/);
  await settled();
  assert.deepEqual(started, [0, 1, 2]);
  for (const { resolve } of work) resolve();
  await Promise.all([done[0], done[2], done[3]]);
  assert.deepEqual(started, [0, 1, 2, 3]);
});

Deno.test("createSlots() runs one piece of an owner's work at a time, and others' before the rest of it", async () => {
  const { started, work, done } = inTwoSlots(["a", "a", "a", "b"]);
  await settled();
  assert.deepEqual(started, [0, 3]);
  for (const index of [3, 0, 1, 2]) {
    work[index]?.resolve();
    await done[index];
  }
  assert.deepEqual(started, [0, 3, 1, 2]);
});

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
