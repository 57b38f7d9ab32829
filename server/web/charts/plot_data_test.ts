import assert from "node:assert/strict";
import { type Cell, lastValue, lineOf, percentTop, plotData, roomyTop, stacked } from "./plot_data.ts";
import type { SeriesBuffer } from "../state/series_store.ts";

function store(series: Record<string, [number, number | null][]>) {
  return {
    get(key: string): SeriesBuffer | undefined {
      const points = series[key];
      if (points === undefined) return undefined;
      return {
        key,
        labels: {},
        times: points.map(([time]) => time),
        values: points.map(([, value]) => value),
      };
    },
  };
}

Deno.test("plotData joins series of different times, undefined where a line has no point and null in a gap", () => {
  const data = plotData(
    store({ a: [[1, 10], [2, null], [3, 30]], b: [[1, 5], [4, 6]] }),
    [lineOf("a", "", "a"), lineOf("b", "", "b", 2), lineOf("c", "", "absent")],
    0,
    10,
  );
  assert.deepEqual(data.times, [1, 2, 3, 4]);
  assert.deepEqual(data.columns, [
    [10, null, 30, undefined],
    [10, undefined, undefined, 12],
    [undefined, undefined, undefined, undefined],
  ]);
});

Deno.test("plotData adds a line's terms with their weights, a missing term counting as 0 and a gap as a gap", () => {
  const source = store({ total: [[1, 10], [2, 10]], free: [[1, 4], [2, null]] });
  const line = {
    label: "",
    colour: "",
    terms: [{ key: "total", weight: 1 }, { key: "free", weight: -1 }, { key: "none", weight: 1 }],
  };
  assert.deepEqual(plotData(source, [line], 0, 10).columns, [[6, null]]);
});

Deno.test("plotData takes one point before the window and none after it", () => {
  const data = plotData(store({ a: [[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]] }), [lineOf("a", "", "a")], 3, 4);
  assert.deepEqual(data.times, [2, 3, 4]);
});

Deno.test("stacked piles columns up, a gap in one being a gap in all", () => {
  const columns: Cell[][] = [[1, 2, undefined, 4], [10, null, 30, undefined]];
  assert.deepEqual(stacked(columns), [[1, null, 0, 4], [11, null, 30, 4]]);
  assert.deepEqual(stacked([]), []);
});

Deno.test("lastValue looks past missing points and stops at a gap", () => {
  assert.equal(lastValue([1, 2, undefined]), 2);
  assert.equal(lastValue([1, null]), undefined);
  assert.equal(lastValue([1, null, undefined]), undefined);
  assert.equal(lastValue([]), undefined);
});

Deno.test("percentTop stands on a few steps and follows what is above 100", () => {
  for (const [value, top] of [[0, 10], [10, 10], [10.1, 25], [80, 100], [100, 100], [101, 200]] as const) {
    assert.equal(percentTop(value), top);
  }
});

Deno.test("roomyTop leaves air above and never goes below its smallest", () => {
  assert.equal(roomyTop(0, 1), 1);
  assert.equal(roomyTop(100, 1), 108);
});
