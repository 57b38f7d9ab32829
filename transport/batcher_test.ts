import assert from "node:assert/strict";
import { timestampOf } from "../lib/clock.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { type Batch, batcher } from "./batcher.ts";
import { inflate } from "./codec.ts";
import { deliveryCounters } from "./counters.ts";
import { encodeEnvelope, memoryQueue } from "./memory_queue.ts";

function setUp(options: { maxEnvelopes?: number; maxDelayMs?: () => number } = {}) {
  const clock = fakeClock();
  const queue = memoryQueue({
    clock,
    counters: deliveryCounters(),
    hostname: "web-01",
    maxEnvelopes: () => 1_000,
  });
  const { maxEnvelopes = 100, maxDelayMs = () => 5_000 } = options;
  const batches = batcher({ clock, queue, epoch: "e", maxEnvelopes: () => maxEnvelopes, maxDelayMs });
  const push = (count: number) => {
    for (let index = 0; index < count; index++) {
      const timestamp = timestampOf(clock.now());
      batches.push(encodeEnvelope({ type: "cpu", timestamp, hostname: "web-01", data: { usage: index } }));
    }
  };
  const stop = new AbortController();
  /** Begins to wait for the next batch; what came is in `got`. */
  const wait = () => {
    const got: (Batch | undefined)[] = [];
    const done = batches.next(stop.signal).then((batch) => got.push(batch));
    return { got, done };
  };
  return { clock, queue, batches, push, stop, wait };
}

async function usages(batch: Batch | undefined): Promise<unknown> {
  assert(batch !== undefined);
  const envelopes = JSON.parse(new TextDecoder().decode(await inflate(batch.body, "gzip")));
  return envelopes.map(({ data }: { data: { usage: number } }) => data.usage);
}

Deno.test("batcher cuts a batch after its delay when it is not full", async () => {
  const { clock, push, wait } = setUp();
  const { got, done } = wait();
  await clock.advance(60_000);
  push(2);
  await clock.advance(3_000);
  push(1);
  await clock.advance(1_999);
  assert.equal(got.length, 0);
  await clock.advance(1);
  await done;
  assert.equal(got[0]?.id, "e/1");
  assert.deepEqual(await usages(got[0]), [0, 1, 0]);
  assert.equal(clock.pending, 0);
});

Deno.test("batcher cuts a batch at once when it is full", async () => {
  const { push, wait, clock } = setUp({ maxEnvelopes: 3 });
  const { got, done } = wait();
  push(4);
  await done;
  assert.deepEqual(await usages(got[0]), [0, 1, 2]);
  assert.equal(clock.pending, 0);
});

Deno.test("batcher sends sooner when the delay is shortened while it waits", async () => {
  let delayMs = 5_000;
  const { clock, push, wait } = setUp({ maxDelayMs: () => delayMs });
  const { got, done } = wait();
  push(1);
  await clock.advance(1_000);
  delayMs = 100;
  push(1);
  await clock.advance(100);
  await done;
  assert.equal(got[0]?.envelopes.length, 2);
});

Deno.test("batcher gives the same batch with the same id and bytes until it is settled", async () => {
  const { batches, push, stop, clock } = setUp({ maxEnvelopes: 1 });
  push(2);
  const first = await batches.next(stop.signal);
  assert.equal(await batches.next(stop.signal), first);
  assert.equal(batches.waiting.envelopes, 2);
  assert(first !== undefined);
  batches.settle(first);
  const second = await batches.next(stop.signal);
  assert.equal(second?.id, "e/2");
  assert.equal(batches.waiting.envelopes, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("batcher replaces a batch by its halves in order when it is split", async () => {
  const { batches, push, stop } = setUp({ maxEnvelopes: 5 });
  push(5);
  const whole = await batches.next(stop.signal);
  assert(whole !== undefined);
  await batches.split(whole);
  const first = await batches.next(stop.signal);
  assert.equal(first?.id, "e/2");
  assert.deepEqual(await usages(first), [0, 1, 2]);
  assert(first !== undefined);
  batches.settle(first);
  const second = await batches.next(stop.signal);
  assert.equal(second?.id, "e/3");
  assert.deepEqual(await usages(second), [3, 4]);
});

Deno.test("batcher reports what was given up in the next batch", async () => {
  const { clock, batches, push, stop, wait } = setUp({ maxEnvelopes: 2 });
  push(2);
  const refused = await batches.next(stop.signal);
  assert(refused !== undefined);
  batches.giveUp(refused, "refused", "HTTP 400");
  const { got, done } = wait();
  await clock.advance(5_000);
  await done;
  assert.deepEqual(got[0]?.envelopes.map(({ loss }) => loss?.count), [2]);
});

Deno.test("batcher gives what there is, then nothing, when it is stopped", async () => {
  const { push, stop, wait, batches, clock } = setUp();
  const { got, done } = wait();
  push(1);
  stop.abort();
  await done;
  assert.equal(got[0]?.envelopes.length, 1);
  if (got[0] !== undefined) batches.settle(got[0]);
  assert.equal(await batches.next(stop.signal), undefined);
  assert.equal(clock.pending, 0);
});
