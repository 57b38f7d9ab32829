import assert from "node:assert/strict";
import { timestampOf } from "../lib/clock.ts";
import { parseEnvelope } from "../protocol/envelope.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { deliveryCounters } from "./counters.ts";
import { encodeEnvelope, memoryQueue, type QueuedEnvelope } from "./memory_queue.ts";

function setUp(maxEnvelopes: number, maxBytes?: number) {
  const clock = fakeClock();
  const counters = deliveryCounters();
  const queue = memoryQueue({
    clock,
    counters,
    hostname: "web-01",
    maxEnvelopes: () => maxEnvelopes,
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  return { clock, counters, queue };
}

/** An envelope whose `usage` is `second`, measured in that second of the Unix epoch. */
function envelopeAt(second: number): QueuedEnvelope {
  const timestamp = timestampOf(second * 1_000);
  return encodeEnvelope({ type: "cpu", timestamp, hostname: "web-01", data: { usage: second } });
}

function read({ bytes }: QueuedEnvelope) {
  const verdict = parseEnvelope(JSON.parse(new TextDecoder().decode(bytes)));
  assert(verdict.ok, "what is queued is a valid envelope");
  return verdict.envelope;
}

Deno.test("memoryQueue gives envelopes in order when it is not full", () => {
  const { queue } = setUp(10);
  for (let second = 1; second <= 3; second++) queue.push(envelopeAt(second));
  assert.deepEqual(queue.take(2, Infinity).map((envelope) => read(envelope).data), [{ usage: 1 }, {
    usage: 2,
  }]);
  assert.equal(queue.length, 1);
  assert.deepEqual(queue.take(2, Infinity).map((envelope) => read(envelope).data), [{ usage: 3 }]);
  assert.equal(queue.length, 0);
  assert.equal(queue.bytes, 0);
});

Deno.test("memoryQueue drops the oldest and reports them in one tombstone when it is full", () => {
  const { queue, counters } = setUp(3);
  for (let second = 1; second <= 8; second++) queue.push(envelopeAt(second));
  assert.equal(counters.lostEnvelopes, 5);
  const [tombstone, ...rest] = queue.take(10, Infinity).map(read);
  assert.equal(tombstone?.type, "tombstone");
  assert.deepEqual({ ...tombstone?.data, detail: undefined }, {
    reason: "queue_full",
    count: 5,
    from: timestampOf(1_000),
    to: timestampOf(5_000),
    detail: undefined,
  });
  assert.deepEqual(rest.map(({ data }) => data), [{ usage: 6 }, { usage: 7 }, { usage: 8 }]);
});

Deno.test("memoryQueue bounds bytes when envelopes are large", () => {
  const size = envelopeAt(1).bytes.length;
  const { queue, counters } = setUp(1_000, size * 2);
  for (let second = 1; second <= 5; second++) queue.push(envelopeAt(second));
  assert.equal(counters.lostEnvelopes, 3);
  assert.equal(queue.bytes, size * 2);
});

Deno.test("memoryQueue counts nothing twice when a tombstone itself is given up", () => {
  const { queue, counters } = setUp(1);
  for (let second = 1; second <= 3; second++) queue.push(envelopeAt(second));
  const taken = queue.take(10, Infinity);
  queue.lose(taken, "refused", "HTTP 400");
  assert.equal(counters.lostEnvelopes, 3);
  const counts = queue.take(10, Infinity).map(read).map(({ type, data }) => [type, data]);
  assert.deepEqual(counts.map(([type]) => type), ["tombstone", "tombstone"]);
  assert.equal(JSON.stringify(counts).match(/"count":2/g)?.length, 1, "the two that the queue dropped");
  assert.equal(JSON.stringify(counts).match(/"count":1/g)?.length, 1, "the one that was refused");
});

Deno.test("memoryQueue takes by bytes, and at least one when the first alone is too long", () => {
  const { queue } = setUp(100);
  for (let second = 1; second <= 4; second++) queue.push(envelopeAt(second));
  const size = envelopeAt(1).bytes.length;
  assert.equal(queue.take(100, size * 2).length, 2);
  assert.equal(queue.take(100, 1).length, 1);
});

Deno.test("memoryQueue stays exact when thousands pass through it", () => {
  const { queue, counters } = setUp(2_500);
  for (let second = 0; second < 10_000; second++) queue.push(envelopeAt(second));
  assert.equal(queue.length, 2_500 + 1);
  assert.equal(counters.lostEnvelopes, 7_500);
  const [, first] = queue.take(3_000, Infinity).map(read);
  assert.deepEqual(first?.data, { usage: 7_500 });
  assert.equal(queue.length, 0);
});
