import assert from "node:assert/strict";
import type { Unit } from "../protocol/measure.ts";
import { formatAge, formatValue } from "./units.ts";

const values: readonly [number, Unit, string][] = [
  [0, "By", "0 B"],
  [1023, "By", "1023 B"],
  [1536, "By", "1.5 KiB"],
  [5 * 1024 ** 3, "By", "5.0 GiB"],
  [2 ** 70, "By", "1048576.0 PiB"],
  [1536, "By/s", "1.5 KiB/s"],
  [1e9, "bit/s", "1.0 Gbit/s"],
  [950, "bit/s", "950 bit/s"],
  [2.4e9, "Hz", "2.4 GHz"],
  [12.345678, "%", "12.35 %"],
  [41.5, "Cel", "41.5 °C"],
  [0.1 + 0.2, "1", "0.3"],
  [7, "{process}", "7"],
  [3, "s", "3 s"],
];
for (const [value, unit, expected] of values) {
  Deno.test(`formatValue shows ${value} ${unit} as ${expected}`, () =>
    assert.equal(formatValue(value, unit), expected));
}

const ages: readonly [number, string][] = [
  [-5, "0s"],
  [0, "0s"],
  [59.6, "1m 0s"],
  [61, "1m 1s"],
  [3661, "1h 1m"],
  [90_061, "1d 1h"],
];
for (const [seconds, expected] of ages) {
  Deno.test(`formatAge shows ${seconds} s as ${expected}`, () => assert.equal(formatAge(seconds), expected));
}
