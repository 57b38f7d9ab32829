import assert from "node:assert/strict";
import { seriesKey } from "../../../protocol/series.ts";
import { parseSeriesKey, seriesNameOf } from "./series_key.ts";

Deno.test("parseSeriesKey reads what seriesKey writes", () => {
  const cases: [string, Record<string, string>][] = [
    ["cpu.usage", {}],
    ["cpu.cores", { index: "3" }],
    ["disk.disk_used", { mountpoint: "/" }],
    ["container.memory_bytes", { source: "docker", id: "abc" }],
    ["disk.disk_used", { mountpoint: 'a"b\\",c="x"}{\n\u2028ü' }],
    ["network.rx_bytes", { interface: "" }],
  ];
  for (const [name, labels] of cases) {
    const parsed = parseSeriesKey(seriesKey(name, labels));
    assert.equal(parsed?.name, name);
    assert.deepEqual({ ...parsed?.labels }, labels);
    assert.equal(seriesNameOf(seriesKey(name, labels)), name);
  }
});

Deno.test("parseSeriesKey keeps a label called __proto__ as a label", () => {
  const parsed = parseSeriesKey('x{__proto__="1"}');
  assert.deepEqual(Object.entries(parsed?.labels ?? {}), [["__proto__", "1"]]);
});

Deno.test("parseSeriesKey says undefined when a key is malformed", () => {
  for (const key of ["a{", 'a{b="c"', "a{b=c}", 'a{b="c" d="e"}', 'a{b="\\q"}', "a{b}", 'a{="c"}']) {
    assert.equal(parseSeriesKey(key), undefined, key);
  }
});
