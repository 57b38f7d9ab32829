import assert from "node:assert/strict";
import { formatDuration, parseDurationSeconds } from "./duration.ts";

const durations: readonly [string, number | undefined][] = [
  ["10", 10],
  ["0", 0],
  ["2.5", 2.5],
  ["5s", 5],
  ["1m", 60],
  ["1m30s", 90],
  ["1.5h", 5400],
  ["2d", 172_800],
  ["500ms", 0.5],
  ["1h0m0s", 3600],
  ["", undefined],
  ["s", undefined],
  ["-5s", undefined],
  ["5 s", undefined],
  ["5S", undefined],
  ["5y", undefined],
  ["5s!", undefined],
  ["!5s", undefined],
  ["1e3", undefined],
  ["0x10", undefined],
  ["NaN", undefined],
  ["Infinity", undefined],
  ["9".repeat(400), undefined],
];
for (const [text, seconds] of durations) {
  Deno.test(`parseDurationSeconds gives ${seconds} for "${text.slice(0, 20)}"`, () => {
    assert.equal(parseDurationSeconds(text), seconds);
  });
}

for (
  const [seconds, text] of [[0, "0s"], [59, "59s"], [60, "1m"], [90, "1m30s"], [3600, "1h"], [
    86_400,
    "1d",
  ]] as const
) {
  Deno.test(`formatDuration shows ${seconds} as ${text}, which is read as the same`, () => {
    assert.equal(formatDuration(seconds), text);
    assert.equal(parseDurationSeconds(text), seconds);
  });
}
