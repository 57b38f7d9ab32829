import assert from "node:assert/strict";
import { clip, sanitise } from "./text.ts";

const cases: readonly [string, string][] = [
  ["plain ünïcödé 🙂", "plain ünïcödé 🙂"],
  ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
  ["two\nlines\r\n", "two\\x0alines\\x0d\\x0a"],
  ["nul\0", "nul\\x00"],
  ["c1 \x9b31m", "c1 \\x9b31m"],
  ["evil\u202etxt.exe", "evil\\u202etxt.exe"],
  ["\u2028line", "\\u2028line"],
];

Deno.test("sanitise() makes control and direction characters visible", () => {
  for (const [hostile, harmless] of cases) assert.equal(sanitise(hostile), harmless);
});

Deno.test("sanitise() cuts what is too long", () => {
  assert.equal(sanitise("abcdef", 4), "abc…");
  assert.equal(sanitise("abcd", 4), "abcd");
});

Deno.test("clip() cuts what is too long and marks the cut", () => {
  assert.equal(clip("abc", 3), "abc");
  assert.equal(clip("abcd", 3), "ab…");
  assert.equal(clip("x".repeat(2000)).length, 1024);
});
