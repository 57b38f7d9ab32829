import assert from "node:assert/strict";
import type { LiveEvent } from "../../protocol/api.ts";
import { createRing } from "./ring.ts";
import { createSubscriber, subscriberLimits } from "./subscriber.ts";

const sample = (at: number, padding = ""): LiveEvent => ({
  event: "samples",
  data: { agent_id: padding, at, values: {} },
});

function fixture(missedCount?: number) {
  const ring = createRing({ events: 10_000, characters: 100_000_000 });
  const missed = missedCount === undefined
    ? undefined
    : Array.from({ length: missedCount }, (_, at) => ring.push(sample(at)));
  const counts = { snapshots: 0, closed: 0 };
  const subscriber = createSubscriber({
    agentId: undefined,
    missed,
    snapshot() {
      counts.snapshots++;
      return ring.stamp({ event: "snapshot", data: { server_time: "", hosts: [] } });
    },
    onClose: () => counts.closed++,
  });
  const offer = (at: number, padding?: string) => subscriber.offer(ring.push(sample(at, padding)));
  return { subscriber, counts, offer, reader: subscriber.events.getReader() };
}

Deno.test("a subscriber gets a snapshot first, then events in order", async () => {
  const { reader, offer, subscriber } = fixture();
  offer(1); // part of the snapshot
  const first = await reader.read();
  assert.equal(first.value?.event, "snapshot");
  assert.equal(first.value?.number, 1);
  offer(2);
  offer(3);
  assert.deepEqual([(await reader.read()).value?.number, (await reader.read()).value?.number], [2, 3]);
  const next = reader.read();
  offer(4);
  assert.equal((await next).value?.number, 4);
  subscriber.close();
  assert.equal((await reader.read()).done, true);
});

Deno.test("a subscriber that comes back gets what it missed and no snapshot", async () => {
  const { reader, counts, subscriber } = fixture(3);
  for (const number of [1, 2, 3]) assert.equal((await reader.read()).value?.number, number);
  assert.equal(counts.snapshots, 0);
  subscriber.close();
});

Deno.test("a subscriber that missed more than may wait gets a snapshot", async () => {
  const { reader, subscriber } = fixture(subscriberLimits.events + 1);
  assert.equal((await reader.read()).value?.event, "snapshot");
  subscriber.close();
});

for (
  const [what, count, padding] of [["many events", subscriberLimits.events * 3, ""], [
    "large events",
    3,
    "x".repeat(600_000),
  ]] as const
) {
  Deno.test(`a subscriber that does not read ${what} is cut to a fresh snapshot`, async () => {
    const { reader, offer, counts, subscriber } = fixture();
    await reader.read();
    for (let at = 1; at <= count; at++) offer(at, padding);
    const read = await reader.read();
    assert.equal(read.value?.event, "snapshot");
    assert.equal(read.value?.number, count);
    assert.equal(counts.snapshots, 2);
    offer(count + 1);
    assert.equal((await reader.read()).value?.number, count + 1);
    subscriber.close();
  });
}

Deno.test("a subscriber says once that it is closed, by either side", async () => {
  const byServer = fixture();
  byServer.subscriber.close();
  byServer.subscriber.close();
  assert.equal((await byServer.reader.read()).done, true);
  assert.equal(byServer.counts.closed, 1);

  const byBrowser = fixture(0);
  const waiting = byBrowser.reader.read();
  await byBrowser.reader.cancel();
  assert.equal((await waiting).done, true);
  byBrowser.subscriber.close();
  byBrowser.offer(1);
  assert.equal(byBrowser.counts.closed, 1);
});
