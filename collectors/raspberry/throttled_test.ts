import assert from "node:assert/strict";
import { decodeThrottled } from "./throttled.ts";

const table: readonly [bits: number, names: readonly string[]][] = [
  [0x0, []],
  [0x1, ["undervoltage"]],
  [0x2, ["arm_freq_capped"]],
  [0x4, ["throttled"]],
  [0x8, ["soft_temp_limit"]],
  [0x10000, ["undervoltage_occurred"]],
  [0x20000, ["freq_cap_occurred"]],
  [0x40000, ["throttled_occurred"]],
  [0x80000, ["soft_temp_occurred"]],
  [0x50005, ["undervoltage", "throttled", "undervoltage_occurred", "throttled_occurred"]],
  [0xe0008, ["soft_temp_limit", "freq_cap_occurred", "throttled_occurred", "soft_temp_occurred"]],
  [0xfff0fff0, []], // Bits that mean nothing yet.
];
for (const [bits, names] of table) {
  Deno.test(`decodeThrottled names ${names.join(", ") || "nothing"} when the bits are 0x${bits.toString(16)}`, () => {
    const decoded = Object.entries(decodeThrottled(bits));
    assert.equal(decoded.length, 8);
    assert.deepEqual(decoded.filter(([, isSet]) => isSet).map(([name]) => name), names);
  });
}
