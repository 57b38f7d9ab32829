import assert from "node:assert/strict";
import fc from "fast-check";
import { topOf } from "./top.ts";

Deno.test("topOf gives what sorting all would give", () => {
  const items = fc.array(
    fc.record({ score: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }), tie: fc.integer() }),
  );
  fc.assert(fc.property(items, fc.integer({ min: 0, max: 12 }), (all, count) => {
    const sorted = all.filter(({ score }) => score !== undefined)
      .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || b.tie - a.tie);
    assert.deepEqual(
      topOf(all, count, ({ score }) => score, ({ tie }) => tie),
      sorted.slice(0, count),
    );
  }));
});
