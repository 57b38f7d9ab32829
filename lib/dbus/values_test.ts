import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DbusFormatError, type DbusValue, readValues } from "./values.ts";

const bytes = (...parts: (number | string)[]) =>
  Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...new TextEncoder().encode(part)] : [part]),
  );

const cases: readonly [
  signature: string,
  little: Uint8Array,
  big: Uint8Array | undefined,
  values: DbusValue[],
][] = [
  ["y", bytes(7), bytes(7), [7]],
  ["b", bytes(1, 0, 0, 0), bytes(0, 0, 0, 1), [true]],
  ["n", bytes(0xfe, 0xff), bytes(0xff, 0xfe), [-2]],
  ["q", bytes(0xfe, 0xff), bytes(0xff, 0xfe), [65534]],
  ["i", bytes(0xff, 0xff, 0xff, 0xff), bytes(0xff, 0xff, 0xff, 0xff), [-1]],
  ["u", bytes(1, 2, 0, 0), bytes(0, 0, 2, 1), [513]],
  ["x", bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), undefined, [-1]],
  ["t", bytes(0, 0, 0, 0, 1, 0, 0, 0), bytes(0, 0, 0, 1, 0, 0, 0, 0), [2 ** 32]],
  ["d", bytes(0, 0, 0, 0, 0, 0, 0xf8, 0x3f), bytes(0x3f, 0xf8, 0, 0, 0, 0, 0, 0), [1.5]],
  ["s", bytes(3, 0, 0, 0, "h\u00e9", 0), bytes(0, 0, 0, 3, "h\u00e9", 0), ["h\u00e9"]],
  ["g", bytes(2, "ai", 0), bytes(2, "ai", 0), ["ai"]],
  ["yu", bytes(1, 0, 0, 0, 2, 0, 0, 0), bytes(1, 0, 0, 0, 0, 0, 0, 2), [1, 2]],
  ["y(y)y", bytes(1, 0, 0, 0, 0, 0, 0, 0, 2, 3), undefined, [1, [2], 3]],
  ["ay", bytes(2, 0, 0, 0, 8, 9), undefined, [bytes(8, 9)]],
  ["at", bytes(0, 0, 0, 0, 0, 0, 0, 0), undefined, [[]]],
  ["as", bytes(14, 0, 0, 0, 1, 0, 0, 0, "a", 0, 0, 0, 1, 0, 0, 0, "b", 0), undefined, [["a", "b"]]],
  [
    "a{sv}",
    bytes(16, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, "k", 0, 1, "u", 0, 0, 0, 0, 5, 0, 0, 0),
    undefined,
    [[["k", 5]]],
  ],
];

for (const [signature, little, big, values] of cases) {
  Deno.test(`readValues reads "${signature}" in either byte order`, () => {
    assert.deepEqual(readValues(little, signature, true), { values, end: little.length });
    if (big !== undefined) assert.deepEqual(readValues(big, signature, false), { values, end: big.length });
  });
}

const malformed: readonly [what: string, signature: string, bytes: Uint8Array, message: RegExp][] = [
  ["a number that is cut off", "u", bytes(1, 2), /beyond the end/],
  ["a text longer than its message", "s", bytes(200, 0, 0, 0, "a", 0), /beyond the end/],
  ["a text without its zero", "s", bytes(1, 0, 0, 0, "a", 1), /not ended by a zero/],
  ["an array of 4 GiB", "ay", bytes(0xff, 0xff, 0xff, 0xff, 1), /beyond the end/],
  ["an array that cuts its last element", "as", bytes(5, 0, 0, 0, 3, 0, 0, 0, "abc", 0), /beyond the array/],
  ["a type that there is not", "Z", bytes(1), /no type "Z"/],
  ["an array of nothing", "a", bytes(0, 0, 0, 0), /no type ""/],
  ["a struct without end", "(u", bytes(0, 0, 0, 0, 0, 0, 0, 0), /no type ""/],
  ["a variant of two values", "v", bytes(2, "yy", 0, 1, 2), /not that of one value/],
  ["a variant of none", "v", bytes(0, 0), /not that of one value/],
  ["types nested too deep", "a".repeat(200) + "y", bytes(0, 0, 0, 0), /nested/],
  [
    "variants nested too deep",
    "v",
    Uint8Array.from({ length: 900 }, (_, at) => [1, 0x76, 0][at % 3] ?? 0),
    /nested/,
  ],
  [
    "more values than there may be",
    "ag",
    new Uint8Array(2_400_004).fill(0).map((_, at) => at < 4 ? [0, 0x9f, 0x24, 0][at] ?? 0 : 0),
    /more than 1000000 values/,
  ],
];

for (const [what, signature, input, message] of malformed) {
  Deno.test(`readValues refuses ${what}`, () => {
    assert.throws(() => readValues(input, signature, true), (error) => {
      assert.ok(error instanceof DbusFormatError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("readValues gives values or a DbusFormatError, whatever the bytes and the signature", () => {
  const types = fc.array(fc.constantFrom(..."ybnqiuxtdsogv(){}a"), { maxLength: 20 }).map((parts) =>
    parts.join("")
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), types, fc.boolean(), (input, signature, littleEndian) => {
      try {
        readValues(input, signature, littleEndian);
      } catch (error) {
        assert.ok(error instanceof DbusFormatError, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});
