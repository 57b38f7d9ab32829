import assert from "node:assert/strict";
import { firstAtOrAfter, seriesStore } from "./series_store.ts";
import type { Series } from "../../../protocol/api.ts";

const names = new Set(["cpu.usage", "network.rx_bytes"]);

function history(key: string, name: string, points: [number, number | null][]): Series {
  return {
    key,
    name,
    labels: {},
    unit: "%",
    rate: false,
    times: points.map(([time]) => time),
    values: points.map(([, value]) => value),
  };
}

Deno.test("seriesStore append keeps wanted names only, and finds series by name with their labels", () => {
  const store = seriesStore(names);
  store.append(1000, {
    "cpu.usage": 5,
    "process.pid": 1,
    'network.rx_bytes{interface="eth0"}': 9,
    "network.rx_bytes{": 1,
  });
  assert.equal(store.latest("cpu.usage"), 5);
  assert.equal(store.latest("process.pid"), undefined);
  assert.deepEqual(store.byName("network.rx_bytes").map(({ labels }) => ({ ...labels })), [{
    interface: "eth0",
  }]);
});

Deno.test("seriesStore append puts a late point in its place and replaces one of the same time", () => {
  const store = seriesStore(names);
  for (const [at, value] of [[1000, 1], [3000, 3], [2000, 2], [3000, 4]] as const) {
    store.append(at, { "cpu.usage": value });
  }
  assert.deepEqual(store.get("cpu.usage")?.times, [1000, 2000, 3000]);
  assert.deepEqual(store.get("cpu.usage")?.values, [1, 2, 4]);
});

Deno.test("seriesStore append marks a gap when a host was silent for three of its intervals and 15 s", () => {
  const store = seriesStore(names);
  for (const at of [0, 1000, 16_000, 61_000, 62_000, 78_000]) store.append(at, { "cpu.usage": 1 });
  assert.deepEqual(store.get("cpu.usage")?.times, [0, 1000, 16_000, 61_000, 62_000, 62_001, 78_000]);
  assert.deepEqual(store.get("cpu.usage")?.values, [1, 1, 1, 1, 1, null, 1]);
});

Deno.test("seriesStore append marks a gap after a single point when the silence was long", () => {
  const store = seriesStore(names);
  store.append(0, { "cpu.usage": 1 });
  store.append(91_000, { "cpu.usage": 1 });
  assert.deepEqual(store.get("cpu.usage")?.values, [1, null, 1]);
});

Deno.test("seriesStore load puts history before the live points that are newer", () => {
  const store = seriesStore(names);
  store.append(2000, { "cpu.usage": 20, 'network.rx_bytes{interface="new"}': 7 });
  store.append(3000, { "cpu.usage": 30 });
  store.load([
    history("cpu.usage", "cpu.usage", [[1000, 1], [1001, null], [2000, 2]]),
    history("other", "other", [[1, 1]]),
  ]);
  assert.deepEqual(store.get("cpu.usage")?.times, [1000, 1001, 2000, 3000]);
  assert.deepEqual(store.get("cpu.usage")?.values, [1, null, 2, 30]);
  assert.equal(store.get("other"), undefined);
  assert.equal(store.byName("network.rx_bytes").length, 1);
});

Deno.test("seriesStore latest is undefined when the series ends in a gap", () => {
  const store = seriesStore(names);
  store.load([history("cpu.usage", "cpu.usage", [[1000, 1], [1001, null]])]);
  assert.equal(store.latest("cpu.usage"), undefined);
});

Deno.test("seriesStore trim forgets old points and series that have none left", () => {
  const store = seriesStore(names);
  store.append(1000, { "cpu.usage": 1, 'network.rx_bytes{interface="gone"}': 1 });
  store.append(2000, { "cpu.usage": 2 });
  store.trim(1500);
  assert.deepEqual(store.get("cpu.usage")?.times, [2000]);
  assert.deepEqual(store.byName("network.rx_bytes"), []);
});

Deno.test("firstAtOrAfter finds the first time that is not before the one asked for", () => {
  assert.equal(firstAtOrAfter([], 5), 0);
  assert.equal(firstAtOrAfter([1, 3, 5], 0), 0);
  assert.equal(firstAtOrAfter([1, 3, 5], 3), 1);
  assert.equal(firstAtOrAfter([1, 3, 5], 4), 2);
  assert.equal(firstAtOrAfter([1, 3, 5], 6), 3);
});
