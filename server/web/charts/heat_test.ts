import assert from "node:assert/strict";
import { binned, columnCount, rowMarks } from "./heat.ts";

Deno.test("binned averages the values of each part and leaves parts without values open", () => {
  const buffer = { times: [0, 5, 10, 11, 25, 30], values: [1, 3, 5, null, 7, 9] };
  assert.deepEqual(binned(buffer, 0, 30, 3), [2, 5, 7]);
  assert.deepEqual(binned(buffer, 5, 25, 4), [3, 5, undefined, undefined]);
  assert.deepEqual(binned({ times: [], values: [] }, 0, 30, 2), [undefined, undefined]);
});

Deno.test("columnCount fits the width and the pace of the series, whichever is coarser", () => {
  const everySecond = { times: Array.from({ length: 301 }, (_, index) => index * 1000) };
  assert.equal(columnCount(everySecond, 0, 300_000, 600, 3), 200);
  const everyTen = { times: Array.from({ length: 31 }, (_, index) => index * 10_000) };
  assert.equal(columnCount(everyTen, 0, 300_000, 600, 3), 30);
  assert.equal(columnCount({ times: [] }, 0, 300_000, 600, 3), 1);
});

Deno.test("rowMarks names the middle of every row, or of every so many when there are more than eight", () => {
  assert.deepEqual(rowMarks(2), [0.5, 1.5]);
  assert.deepEqual(rowMarks(16), [1.5, 3.5, 5.5, 7.5, 9.5, 11.5, 13.5, 15.5]);
  assert.equal(rowMarks(64).length, 8);
  assert.equal(rowMarks(64).at(-1), 63.5, "the first processor is named");
  assert.deepEqual(rowMarks(0), []);
});
