import assert from "node:assert/strict";
import { percentOf, roundTo2 } from "./round.ts";

Deno.test("roundTo2 keeps two decimals", () => {
  assert.deepEqual([roundTo2(1 / 3), roundTo2(99.995), roundTo2(-0.004), roundTo2(7)], [0.33, 100, -0, 7]);
});

Deno.test("percentOf stays between 0 and 100 when the part is out of range or there is no whole", () => {
  assert.deepEqual(
    [percentOf(1, 3), percentOf(5, 4), percentOf(-1, 4), percentOf(0, 0), percentOf(3, -1)],
    [33.33, 100, 0, 0, 0],
  );
});
