import assert from "node:assert/strict";
import { parseTime, resolveNames } from "./names.ts";

const now = Date.UTC(2026, 0, 26, 10, 0, 0);

for (
  const [text, expected] of [
    ["-90s", now - 90_000],
    ["-15m", now - 900_000],
    ["-1h", now - 3_600_000],
    ["-7d", now - 7 * 86_400_000],
    ["1769421600000", 1_769_421_600_000],
    ["2026-01-26T11:00:00+01:00", now],
    ["2026-01-26T10:00:00.123456789Z", now + 123],
    ["", undefined],
    ["15m", undefined],
    ["-1y", undefined],
    ["-1h; DROP TABLE batches", undefined],
    ["2026-02-30T00:00:00Z", undefined],
    ["yesterday", undefined],
  ] as const
) {
  Deno.test(`parseTime() reads ${JSON.stringify(text)}`, () => assert.equal(parseTime(text, now), expected));
}

Deno.test("resolveNames() resolves wildcards, each name once", () => {
  const resolved = resolveNames("cpu.usage, cpu.load_*,cpu.usage");
  assert.deepEqual(resolved, {
    ok: true,
    names: ["cpu.usage", "cpu.load_1m", "cpu.load_5m", "cpu.load_15m"],
  });
});

for (
  const [list, detail] of [
    [undefined, /is needed/],
    [" , ", /is needed/],
    ["cpu.usage,cpu.nope,x*", /there is no series cpu\.nope, x\*/],
    ["__proto__", /there is no series __proto__/],
    [Array(201).fill("cpu.usage").join(), /at most 200/],
  ] as const
) {
  Deno.test(`resolveNames() refuses ${String(list).slice(0, 40)}`, () => {
    const resolved = resolveNames(list);
    assert.equal(resolved.ok, false);
    if (!resolved.ok) assert.match(resolved.detail, detail);
  });
}
