import assert from "node:assert/strict";
import { readTextUpTo } from "./bounded_text.ts";

function streamOf(chunks: readonly string[], onCancel = () => {}): ReadableStream<Uint8Array> {
  const waiting = chunks.map((chunk) => new TextEncoder().encode(chunk));
  return new ReadableStream({
    pull(controller) {
      const next = waiting.shift();
      if (next === undefined) controller.close();
      else controller.enqueue(next);
    },
    cancel: onCancel,
  });
}

Deno.test("readTextUpTo reads all of what is short enough", async () => {
  assert.deepEqual(await readTextUpTo(streamOf(["ab", "cd"]), 4), { text: "abcd", truncated: false });
  assert.deepEqual(await readTextUpTo(null, 4), { text: "", truncated: false });
});

Deno.test("readTextUpTo stops at its bound and cancels the rest", async () => {
  let cancelled = false;
  const stream = streamOf(["ab", "cdef", "g"], () => {
    cancelled = true;
  });
  assert.deepEqual(await readTextUpTo(stream, 4), { text: "abcd", truncated: true });
  assert.ok(cancelled);
});
