import assert from "node:assert/strict";
import { didYouMean, nearest } from "./suggest.ts";

const names = ["cpu", "disk_list", "memory", "network_list", "batch_size"];

for (
  const [word, expected] of [
    ["cpu", "cpu"],
    ["cup", "cpu"],
    ["CPU", "cpu"],
    ["memroy", "memory"],
    ["netwrok_list", "network_list"],
    ["batchsize", "batch_size"],
    ["x", undefined],
    ["completely-different", undefined],
    ["", undefined],
    ["m".repeat(100_000), undefined],
  ] as const
) {
  Deno.test(`nearest gives ${expected} for ${word.slice(0, 20)}`, () => {
    assert.equal(nearest(word, names), expected);
  });
}

Deno.test("didYouMean is empty when nothing is near", () => {
  assert.equal(didYouMean("zzz", names), "");
  assert.equal(didYouMean("memori", names), ' (did you mean "memory"?)');
});
