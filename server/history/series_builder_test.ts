import assert from "node:assert/strict";
import type { Envelope } from "../../protocol/envelope.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { createSeriesBuilder } from "./series_builder.ts";

const begin = Date.UTC(2026, 0, 26, 10, 0, 0);
const at = (seconds: number) => ({
  timestamp: new Date(begin + seconds * 1000).toISOString(),
  hostname: "web-01",
});
const cpuData = (seconds: number, data: MetricData<"cpu">): Envelope => ({
  type: "cpu",
  ...at(seconds),
  data,
});
const cpu = (seconds: number, usage: number) => cpuData(seconds, { usage });
const switches = (seconds: number, count: number) => cpuData(seconds, { context_switches: count });
const boot = (seconds: number, bootId: string): Envelope => ({
  type: "system",
  ...at(seconds),
  data: { boot_id: bootId },
});

function build(names: string[], envelopes: Envelope[], raw = false) {
  const builder = createSeriesBuilder({ names, fromMs: begin, toMs: begin + 3_600_000, raw });
  builder.add(envelopes);
  return builder.build().map(({ key, times, values }) => ({
    key,
    seconds: times.map((time) => (time - begin) / 1000),
    values,
  }));
}

Deno.test("a series is in the order of time, one point per time, within the range", () => {
  const [series] = build(["cpu.usage"], [
    cpu(10, 3),
    cpu(-1, 9),
    cpu(0, 1),
    cpu(5, 8),
    cpu(5, 2),
    cpu(3601, 9),
  ]);
  assert.deepEqual(series, { key: "cpu.usage", seconds: [0, 5, 10], values: [1, 2, 3] });
});

Deno.test("a gap is marked where points are much further apart than usual", () => {
  const points = [0, 5, 10, 100, 105].map((seconds) => cpu(seconds, seconds));
  assert.deepEqual(build(["cpu.usage"], points)[0], {
    key: "cpu.usage",
    seconds: [0, 5, 10, 10.001, 100, 105],
    values: [0, 5, 10, null, 100, 105],
  });
});

Deno.test("no gap is marked for a host that always sends rarely, or for one late reading", () => {
  const rare = [0, 300, 600, 1000].map((seconds) => cpu(seconds, 1));
  assert.deepEqual(build(["cpu.usage"], rare)[0]?.values, [1, 1, 1, 1]);
  const late = [0, 1, 2, 14, 15].map((seconds) => cpu(seconds, 1));
  assert.deepEqual(build(["cpu.usage"], late)[0]?.values, [1, 1, 1, 1, 1]);
});

Deno.test("a counter comes as rates, null where it started again, after a gap and over a boot", () => {
  const counted = [
    switches(0, 100),
    switches(5, 150),
    switches(10, 20), // started again
    switches(15, 70),
    switches(200, 500), // after a gap
    switches(205, 550),
    boot(0, "one"),
    boot(207, "two"),
    switches(210, 900), // after a boot
    switches(215, 950),
  ];
  const [series] = build(["cpu.context_switches"], counted);
  assert.deepEqual(series?.seconds, [5, 10, 15, 15.001, 200, 205, 210, 215]);
  assert.deepEqual(series?.values, [10, null, 10, null, null, 10, null, 10]);
  const [raw] = build(["cpu.context_switches"], counted.slice(0, 3), true);
  assert.deepEqual(raw?.values, [100, 150, 20]);
});

Deno.test("series stand in the order of their names and numbers in labels", () => {
  const cores = Array.from({ length: 11 }, (_, index) => index);
  const series = build(["cpu.cores"], [cpuData(0, { cores })]);
  assert.deepEqual(series.map(({ values }) => values[0]), cores);
});

Deno.test("createSeriesBuilder() stops when there are more series than one answer holds", () => {
  const builder = createSeriesBuilder({
    names: ["process.mem_rss"],
    fromMs: begin,
    toMs: begin + 1000,
    raw: false,
  });
  const processes = Array.from({ length: 5001 }, (_, pid) => ({ pid, name: "x", mem_rss: 1 }));
  assert.equal(builder.add([{ type: "process_list", ...at(0), data: { processes } }]), false);
});
