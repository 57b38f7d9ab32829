import assert from "node:assert/strict";
import { CommandError, exitCodeOf, exitCodes } from "./exit_codes.ts";

const cases: readonly [string, unknown, number][] = [
  ["a command's own error", new CommandError(exitCodes.usage, "x"), 64],
  ["a wrapped command error", new Error("y", { cause: new CommandError(exitCodes.configuration, "x") }), 78],
  ["a busy address below other errors", new Error("y", { cause: new Deno.errors.AddrInUse("x") }), 69],
  ["a missing permission", new Error("y", { cause: new Deno.errors.PermissionDenied("x") }), 77],
  ["a fault of ours", new TypeError("undefined is not a function"), 70],
  ["a wrapped TypeError, as fetch throws them", new Error("Cannot reach", { cause: new TypeError("x") }), 1],
  ["anything else", new Error("x"), 1],
  ["what is no error", "x", 1],
];

for (const [name, error, expected] of cases) {
  Deno.test(`exitCodeOf gives ${expected} for ${name}`, () => assert.equal(exitCodeOf(error), expected));
}

Deno.test("exitCodeOf ends when causes form a circle", () => {
  const error = new Error("x");
  error.cause = error;
  assert.equal(exitCodeOf(error), 1);
});
