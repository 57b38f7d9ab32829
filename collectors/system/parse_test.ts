import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { parseFileHandles, parseUptime } from "./parse.ts";

Deno.test("parseUptime reads the first number", () => {
  assert.equal(parseUptime(bytesOf("1914405.33 118273650.12\n")), 1_914_405.33);
  assert.throws(() => parseUptime(bytesOf("since yesterday\n")), /does not begin with a number/);
});

Deno.test("parseFileHandles subtracts free ones, and knows no limit from a limit", () => {
  assert.deepEqual(parseFileHandles(bytesOf("557\t7\t2466171\n")), { open: 550, most: 2_466_171 });
  assert.deepEqual(parseFileHandles(bytesOf("557\t0\t9223372036854775807\n")), { open: 557 });
  assert.throws(() => parseFileHandles(bytesOf("557\t0\n")), /does not hold three numbers/);
});
