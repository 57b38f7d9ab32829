import assert from "node:assert/strict";
import { byName, byTurns, largestFirst, thoseFirst } from "./ranking.ts";

const items = [
  { name: "sda10", size: 1 },
  { name: "sda2" },
  { name: "sdb", size: 7, bad: true },
  { name: "sda1" },
  { name: "sdc", size: 7 },
];
const sorted = (order: (a: typeof items[number], b: typeof items[number]) => number) =>
  items.toSorted(order).map(({ name }) => name).join(" ");

Deno.test("largestFirst puts what has no value last, and keeps the order of equals", () => {
  assert.equal(sorted(largestFirst(({ size }) => size)), "sdb sdc sda10 sda2 sda1");
});

Deno.test("byTurns asks the next order when one can't tell", () => {
  const order = byTurns<typeof items[number]>(
    thoseFirst(({ bad }) => bad === true),
    byName(({ name }) => name),
  );
  assert.equal(sorted(order), "sdb sda1 sda2 sda10 sdc");
});
