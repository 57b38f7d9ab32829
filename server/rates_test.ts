import assert from "node:assert/strict";
import type { Envelope } from "../protocol/envelope.ts";
import { createRateTracker, ratePerSecond } from "./rates.ts";

const second = 1000;

for (
  const [what, previous, next, rate] of [
    ["the first reading", undefined, { atMs: 5 * second, value: 10 }, undefined],
    ["growth", { atMs: 0, value: 10 }, { atMs: 5 * second, value: 60 }, 10],
    ["standstill", { atMs: 0, value: 10 }, { atMs: 5 * second, value: 10 }, 0],
    ["a counter that started again", { atMs: 0, value: 10 }, { atMs: 5 * second, value: 9 }, undefined],
    ["a clock that was set back", { atMs: 5 * second, value: 10 }, { atMs: 0, value: 60 }, undefined],
    ["two readings at one time", { atMs: 0, value: 10 }, { atMs: 0, value: 60 }, undefined],
    ["readings too close for a rate", { atMs: 0, value: 10 }, { atMs: 20, value: 60 }, undefined],
  ] as const
) {
  Deno.test(`ratePerSecond() on ${what}`, () => assert.equal(ratePerSecond(previous, next), rate));
}

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 26) + seconds * second).toISOString();

function network(seconds: number, received: number): Envelope {
  return {
    type: "network",
    timestamp: at(seconds),
    hostname: "web-01",
    data: { interface: "eth0", rx_bytes: received, mtu: 1500 },
  };
}

function system(seconds: number, bootId: string): Envelope {
  return { type: "system", timestamp: at(seconds), hostname: "web-01", data: { boot_id: bootId, uptime: 1 } };
}

const key = 'network.rx_bytes{interface="eth0"}';

Deno.test("createRateTracker() gives gauges as they are and counters as rates from the second reading on", () => {
  const tracker = createRateTracker();
  const [first] = tracker.take([network(0, 100)]);
  assert.deepEqual([...first?.values ?? []], [['network.mtu{interface="eth0"}', 1500]]);
  const [second] = tracker.take([network(5, 600)]);
  assert.equal(second?.values.get(key), 100);
});

Deno.test("createRateTracker() puts a batch in the order of time, one element per timestamp", () => {
  const taken = createRateTracker().take([network(10, 300), network(0, 100), network(5, 150)]);
  assert.deepEqual(taken.map(({ values }) => values.get(key)), [undefined, 10, 30]);
});

Deno.test("createRateTracker() gives no rate over a boot, even where the counter is larger after it", () => {
  const tracker = createRateTracker();
  tracker.take([system(0, "one"), network(0, 100)]);
  const [, after] = [
    ...tracker.take([network(5, 200)]),
    ...tracker.take([network(9, 900), system(10, "two")]),
  ];
  assert.equal(after?.values.get(key), undefined);
  assert.equal(tracker.take([network(15, 1000), system(15, "two")]).at(0)?.values.get(key), 100 / 6);
});
