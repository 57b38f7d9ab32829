import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { BodyRefusedError, createBodies } from "./request_body.ts";

const post = (body: BodyInit) => new Request("http://x", { method: "POST", body });
const sender = { sender: "a", atOnce: 2, limitBytes: 100 };

Deno.test("receive() holds what has arrived until its work is done, and refuses what all together may not hold", async () => {
  const bodies = createBodies(systemClock, 10);
  const working = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const first = bodies.receive(post("1234567"), sender, async () => {
    started.resolve();
    await working.promise;
  });
  await started.promise;
  assert.equal(bodies.usedBytes, 7);
  await assert.rejects(
    bodies.receive(post("1234"), sender, () => {}),
    (error) => error instanceof BodyRefusedError && error.status === 503 && error.retryAfterSeconds === 5,
  );
  assert.equal(await bodies.receive(post("123"), sender, ({ bytes }) => bytes.length), 3);
  working.resolve();
  await first;
  assert.equal(bodies.usedBytes, 0);
});

Deno.test("receive() gives back when the work fails", async () => {
  const bodies = createBodies(systemClock, 10);
  const failing = bodies.receive(post("1"), sender, () => {
    throw new Error("no");
  });
  await assert.rejects(failing, /no/);
  assert.equal(bodies.usedBytes, 0);
});
