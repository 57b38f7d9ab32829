import assert from "node:assert/strict";
import { reconnectDelayMs } from "./backoff.ts";

Deno.test("reconnectDelayMs doubles its bound up to 15 s and stays between half of it and all of it", () => {
  const bounds = [1000, 2000, 4000, 8000, 15_000, 15_000];
  bounds.forEach((bound, attempt) => {
    assert.equal(reconnectDelayMs(attempt, 0), bound / 2);
    assert.equal(reconnectDelayMs(attempt, 1), bound);
  });
  assert.equal(reconnectDelayMs(1_000_000, 1), 15_000);
});
