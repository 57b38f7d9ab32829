import assert from "node:assert/strict";
import { backoffDelayMs, maximumRetryAfterMs, probeDelayMs, retryAfterMs } from "./backoff.ts";

Deno.test("backoffDelayMs spreads between 1 s and a doubling ceiling of 60 s", () => {
  assert.equal(backoffDelayMs(1, 0), 1_000);
  assert.equal(backoffDelayMs(1, 1), 2_000);
  assert.equal(backoffDelayMs(3, 1), 8_000);
  assert.equal(backoffDelayMs(6, 1), 60_000);
  assert.equal(backoffDelayMs(1_000_000, 1), 60_000);
  assert.equal(backoffDelayMs(1_000_000, 0), 1_000);
});

Deno.test("probeDelayMs stays between 30 and 60 s", () => {
  assert.equal(probeDelayMs(0), 30_000);
  assert.equal(probeDelayMs(1), 60_000);
});

Deno.test("retryAfterMs reads seconds and dates and refuses what makes no sense", () => {
  const now = Date.UTC(2026, 0, 26, 10, 0, 0);
  const table: [string | null, number | undefined][] = [
    [null, undefined],
    ["7", 7_000],
    [" 0 ", 0],
    ["Mon, 26 Jan 2026 10:00:30 GMT", 30_000],
    ["Mon, 26 Jan 2026 09:00:00 GMT", 0],
    ["999999999999", maximumRetryAfterMs],
    ["Mon, 26 Jan 2099 10:00:00 GMT", maximumRetryAfterMs],
    ["soon", undefined],
    ["", undefined],
    ["1e9", undefined],
  ];
  for (const [header, expected] of table) assert.equal(retryAfterMs(header, now), expected, `${header}`);
});
