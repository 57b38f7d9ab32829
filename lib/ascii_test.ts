import assert from "node:assert/strict";
import {
  bytesOf,
  fieldEnd,
  findLine,
  lineEnd,
  nextField,
  nextLine,
  readDecimal,
  readNamedUnsigned,
  readUnsigned,
  readUnsignedFields,
  skipBlanks,
  textAt,
} from "./ascii.ts";

Deno.test("findLine gives the start of the line when it begins with the prefix, not when it only contains it", () => {
  const bytes = bytesOf("a ctxt 1\nctxt 2\nctxt 3");
  assert.equal(findLine(bytes, bytesOf("ctxt ")), 9);
  assert.equal(findLine(bytes, bytesOf("ctxt "), 16), 16);
  assert.equal(findLine(bytes, bytesOf("btime ")), undefined);
  assert.equal(findLine(bytes, bytesOf("ctxt 3 and more than there is")), undefined);
  assert.equal(findLine(new Uint8Array(), bytesOf("ctxt ")), undefined);
});

Deno.test("nextLine and lineEnd end at the bytes' end when the last line has no line break", () => {
  const bytes = bytesOf("ab\n\ncd");
  assert.deepEqual([lineEnd(bytes, 0), nextLine(bytes, 0), nextLine(bytes, 3), nextLine(bytes, 4)], [
    2,
    3,
    4,
    6,
  ]);
});

Deno.test("nextField stays within its line", () => {
  const bytes = bytesOf("a\t bc\n9");
  const second = nextField(bytes, 0);
  assert.equal(textAt(bytes, second, fieldEnd(bytes, second)), "bc");
  const end = nextField(bytes, second);
  assert.equal(end, 5);
  assert.equal(nextField(bytes, end), 5);
  assert.equal(readUnsigned(bytes, end), undefined);
  assert.equal(skipBlanks(bytesOf("  "), 0), 2);
});

const numbers: readonly [text: string, unsigned: number | undefined, decimal: number | undefined][] = [
  ["0", 0, 0],
  ["42 kB", 42, 42],
  ["0.25 1", 0, 0.25],
  ["93.05", 93, 93.05],
  ["7.", 7, 7],
  ["18446744073709551615", 2 ** 64, 2 ** 64],
  ["-1", undefined, undefined],
  ["x", undefined, undefined],
  ["", undefined, undefined],
];
for (const [text, unsigned, decimal] of numbers) {
  Deno.test(`readUnsigned and readDecimal read ${JSON.stringify(text)}`, () => {
    assert.equal(readUnsigned(bytesOf(text), 0), unsigned);
    assert.equal(readDecimal(bytesOf(text), 0), decimal);
  });
}

Deno.test("readUnsignedFields reads up to the line's end, a field that is no number, or the room there is", () => {
  const into = new Float64Array(3);
  assert.equal(readUnsignedFields(bytesOf("  1 2\n3 4"), 0, into), 2);
  assert.deepEqual([...into], [1, 2, 0]);
  assert.equal(readUnsignedFields(bytesOf("5 x 6"), 0, into), 1);
  assert.equal(readUnsignedFields(bytesOf("1 2 3 4 5"), 0, into), 3);
  assert.equal(readUnsignedFields(bytesOf(""), 0, into), 0);
});

Deno.test("readNamedUnsigned gives NaN where a name is absent, cut off or only the beginning of another", () => {
  const names = ["Active", "Swap", "Stack", "Gone", "Bad"].map(bytesOf);
  const into = new Float64Array(names.length);
  readNamedUnsigned(
    bytesOf("Active(anon): 1 kB\nActive:  2 kB\nStack:10373888 kB\nSwap 3\nBad: kB\nGone"),
    names,
    into,
  );
  assert.deepEqual([...into], [2, 3, 10373888, NaN, NaN]);
});
