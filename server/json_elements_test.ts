import assert from "node:assert/strict";
import { BodyError } from "../transport/codec.ts";
import { parseElements } from "./json_elements.ts";

const parse = (text: string) => parseElements(new TextEncoder().encode(text), () => undefined);
/** An element that fills a piece by itself, with everything that could mislead a cut. */
const large = { text: '],[ "\\ {é☃', list: [[], {}, [1, { a: [2] }]], long: "x,".repeat(40_000) };

Deno.test("parseElements() gives what JSON.parse() gives, and lets others run between pieces", async () => {
  for (
    const value of [[], [1], [large, large, 3], [[large], null, "a,b", large], Array(50_000).fill({ a: [1] })]
  ) {
    assert.deepEqual(await parse(JSON.stringify(value)), value);
    assert.deepEqual(await parse(` \n${JSON.stringify(value, null, 1)}\r\t`), value);
  }
  let asked = 0;
  const bytes = new TextEncoder().encode(JSON.stringify([large, large, large]));
  await parseElements(bytes, () => {
    asked++;
    return Promise.resolve();
  });
  assert.equal(asked, 2);
});

Deno.test("parseElements() refuses what is no JSON array, also where a piece ends", async () => {
  const one = JSON.stringify(large);
  for (
    const text of [
      ...[
        "",
        " ",
        "{}",
        "1",
        "[",
        "[1",
        "[1,]",
        "[,1]",
        "[1}",
        "[1]]",
        "[1] x",
        "[{]}]",
        '["',
        "[1 2]",
        "nul",
      ],
      ...[`[${one},]`, `[${one},,${one}]`, `[${one},${one}`, `[${one}]${one}`, `[${one}}`, "[".repeat(40)],
      ...[`[${one},\ufeff1]`, `[${"[".repeat(33)}${"]".repeat(33)}]`],
    ]
  ) {
    await assert.rejects(
      parse(text),
      (error) => error instanceof BodyError && error.status === 400,
      text.slice(0, 40),
    );
  }
  await assert.rejects(
    parseElements(new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), () => undefined),
    BodyError,
  );
});
