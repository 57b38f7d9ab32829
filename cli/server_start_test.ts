import assert from "node:assert/strict";
import { isLoopback } from "./server_start.ts";

for (
  const [address, expected] of [
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["::1", true],
    ["localhost", true],
    ["0.0.0.0", false],
    ["::", false],
    ["10.0.0.1", false],
    ["127.0.0.1.example.org", false],
  ] as const
) {
  Deno.test(`isLoopback is ${expected} for ${address}`, () => assert.equal(isLoopback(address), expected));
}
