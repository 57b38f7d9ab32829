import assert from "node:assert/strict";
import type { LiveEvent } from "../../protocol/api.ts";
import { createRing } from "./ring.ts";

const event = (at: number): LiveEvent => ({ event: "samples", data: { agent_id: "a", at, values: {} } });
const numbers = (events: readonly { number: number }[] | undefined) => events?.map(({ number }) => number);

Deno.test("the ring gives what came after an event, as long as all of it is held", () => {
  const ring = createRing({ events: 3, characters: 10_000 });
  for (let count = 0; count < 5; count++) ring.push(event(count));
  assert.deepEqual(numbers(ring.since(2)), [3, 4, 5]);
  assert.deepEqual(numbers(ring.since(5)), []);
  assert.equal(ring.since(1), undefined);
  assert.equal(ring.since(6), undefined);
});

Deno.test("the ring is bounded by the size of its events", () => {
  const ring = createRing({ events: 100, characters: 80 });
  for (let count = 0; count < 5; count++) ring.push(event(count));
  assert.equal(ring.since(3)?.length, 2);
  assert.equal(ring.since(2), undefined);
  const huge: LiveEvent = {
    event: "samples",
    data: { agent_id: "a", at: 0, values: { ["x".repeat(200)]: 1 } },
  };
  ring.push(huge);
  assert.equal(ring.since(5), undefined);
  assert.deepEqual(ring.since(6), []);
});

Deno.test("the ring reads its own ids and no others", () => {
  const ring = createRing({ events: 3, characters: 10_000 });
  const { id } = ring.push(event(1));
  const [boot] = id.split(/-(?=\d+$)/);
  assert.equal(ring.numberOf(id), 1);
  const foreign = createRing({ events: 3, characters: 10_000 }).push(event(1)).id;
  for (
    const bad of [
      foreign,
      "",
      "1",
      `${boot}-`,
      `${boot}--1`,
      `${boot}-1e3`,
      `${boot}-${"9".repeat(16)}`,
      `${id}\n`,
    ]
  ) {
    assert.equal(ring.numberOf(bad), undefined, bad);
  }
});

Deno.test("nobody is resumed across a clear", () => {
  const ring = createRing({ events: 3, characters: 10_000 });
  const { number } = ring.push(event(1));
  ring.clear();
  assert.equal(ring.since(number), undefined);
  assert.deepEqual(ring.since(ring.newest), []);
});
