import assert from "node:assert/strict";
import * as format from "./format.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

function table<T>(name: string, write: (value: T) => string, rows: readonly (readonly [T, string])[]): void {
  Deno.test(`${name} writes its values with units`, () => {
    for (const [value, expected] of rows) assert.equal(plain(write(value)), expected, String(value));
  });
}

table("formatBytes", format.formatBytes, [
  [undefined, "–"],
  [null, "–"],
  [0, "0 B"],
  [0.4, "0 B"],
  [1023, "1023 B"],
  [1024, "1 KiB"],
  [1536, "1.50 KiB"],
  [1024 * 1024 - 1, "1.00 MiB"],
  [15.25 * 1024 ** 3, "15.3 GiB"],
  [953 * 1024 ** 4, "953 TiB"],
  [2 ** 80, "1048576 EiB"],
]);
table("formatByteRate", format.formatByteRate, [[undefined, "–"], [2048, "2 KiB/s"]]);
table("formatBitRate", format.formatBitRate, [
  [undefined, "–"],
  [0, "0 bit/s"],
  [999, "999 bit/s"],
  [999.6, "1.00 kbit/s"],
  [1_500_000, "1.50 Mbit/s"],
  [1e10, "10 Gbit/s"],
]);
table("formatCount", format.formatCount, [[0.25, "0.25"], [12, "12"], [1530, "1.53 k"], [-1530, "-1.53 k"]]);
table("formatRate", format.formatRate, [[undefined, "–"], [12.5, "12.5/s"]]);
table("formatPercent", format.formatPercent, [
  [undefined, "–"],
  [0, "0.0 %"],
  [3.44, "3.4 %"],
  [9.96, "10 %"],
  [100, "100 %"],
]);
table("formatQuantity", (value: number | undefined) => format.formatQuantity(value, "°C"), [
  [undefined, "–"],
  [54, "54 °C"],
  [54.25, "54.3 °C"],
  [-3.456, "-3.46 °C"],
  [1180.4, "1180 °C"],
]);
table("formatLoad", format.formatLoad, [[undefined, "–"], [0.421, "0.42"], [12, "12.00"]]);
table("formatMicroseconds", format.formatMicroseconds, [
  [undefined, "–"],
  [85.4, "85 µs"],
  [1200, "1.20 ms"],
  [2_000_000, "2 s"],
]);
table("formatDuration", format.formatDuration, [
  [undefined, "–"],
  [0, "0 s"],
  [-5, "0 s"],
  [42.9, "42 s"],
  [60, "1 min"],
  [312, "5 min 12 s"],
  [3 * 86_400 + 4 * 3600 + 59, "3 d 4 h"],
  [86_400 + 59, "1 d"],
]);
table("formatAgo", format.formatAgo, [
  [-3000, "just now"],
  [9999, "just now"],
  [42_000, "42 s ago"],
  [3 * 3_600_000 + 5, "3 h ago"],
  [50 * 86_400_000, "50 d ago"],
]);

Deno.test("formatClock and formatDateTime write local time in 24 hours", () => {
  const noon = new Date(2026, 0, 26, 12, 3, 4).getTime();
  assert.equal(format.formatClock(noon), "12:03:04");
  assert.equal(format.formatShortClock(noon), "12:03");
  assert.equal(format.formatDateTime(noon), "2026-01-26 12:03:04");
});
