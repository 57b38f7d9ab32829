import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { BodyError, encodingOf, gzip, inflate, parseJson, readAtMost } from "./codec.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const copy = (data: Uint8Array) => new Uint8Array(data);

async function statusOf(work: () => unknown): Promise<number> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof BodyError, String(error));
    return error.status;
  }
  throw new Error("was taken");
}

Deno.test("inflate() undoes gzip() and zstd", async () => {
  const text = bytes("measured ".repeat(1000));
  assert.deepEqual(await inflate(await gzip(text), "gzip"), text);
  assert.deepEqual(await inflate(copy(zstdCompressSync(text)), "zstd"), text);
  assert.deepEqual(await inflate(text, "identity"), text);
});

Deno.test("inflate() stops a bomb at the limit", async () => {
  const zeros = new Uint8Array(64 * 1024 * 1024);
  for (const encoding of ["gzip", "zstd"] as const) {
    const bomb = copy(encoding === "gzip" ? gzipSync(zeros) : zstdCompressSync(zeros));
    assert.equal(await statusOf(() => inflate(bomb, encoding, 1024 * 1024)), 413);
  }
  assert.equal(await statusOf(() => inflate(new Uint8Array(11), "identity", 10)), 413);
});

Deno.test("inflate() refuses what is malformed or cut off", async () => {
  const whole = gzipSync(bytes("x".repeat(10_000)));
  const flipped = copy(whole);
  flipped[whole.length - 6] = (flipped[whole.length - 6] ?? 0) ^ 0xff; // its checksum
  for (const bad of [bytes("plain text"), copy(whole.subarray(0, 20)), new Uint8Array(), flipped]) {
    assert.equal(await statusOf(() => inflate(bad, "gzip")), 400);
  }
  assert.equal(await statusOf(() => inflate(bytes("plain text"), "zstd")), 400);
});

Deno.test("readAtMost() stops a body that never ends", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  assert.equal(await statusOf(() => readAtMost(endless, 10_000)), 413);
  assert.ok(pulled < 20, `${pulled} chunks were read`);
});

Deno.test("encodingOf() names the codings that are taken", async () => {
  assert.equal(encodingOf(undefined), "identity");
  assert.equal(encodingOf(" GZIP "), "gzip");
  assert.equal(await statusOf(() => encodingOf("br")), 415);
  assert.equal(await statusOf(() => encodingOf("gzip, gzip")), 415);
});

Deno.test("parseJson() bounds nesting, brackets in strings aside", async () => {
  assert.deepEqual(parseJson(bytes('["[[[[\\"[[", {"a": [1]}]'), 3), ['[[[["[[', { a: [1] }]);
  assert.equal(await statusOf(() => parseJson(bytes("[".repeat(100_000) + "]".repeat(100_000)))), 400);
  assert.equal(await statusOf(() => parseJson(bytes("[[[1]]]"), 2)), 400);
});

Deno.test("parseJson() refuses what is not JSON in UTF-8", async () => {
  for (const bad of ["", "{", "[1,]", "nul", '{"a":NaN}']) {
    assert.equal(await statusOf(() => parseJson(bytes(bad))), 400);
  }
  assert.equal(await statusOf(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))), 400);
});
