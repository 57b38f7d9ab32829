import assert from "node:assert/strict";
import { samplesOf, seriesDefinitions, seriesKey } from "./series.ts";

Deno.test("samplesOf() names scalars and arrays", () => {
  assert.deepEqual(samplesOf("cpu", { usage: 5, cores: [1, 9], load_1m: 0.5 }), [
    { name: "cpu.usage", labels: {}, value: 5 },
    { name: "cpu.cores", labels: { index: "0" }, value: 1 },
    { name: "cpu.cores", labels: { index: "1" }, value: 9 },
    { name: "cpu.load_1m", labels: {}, value: 0.5 },
  ]);
});

Deno.test("samplesOf() gives a list and its elements sent singly the same names", () => {
  const element = { mountpoint: "/", disk_used: 7, read_only: false };
  assert.deepEqual(samplesOf("disk_list", { disks: [element] }), samplesOf("disk", element));
  assert.deepEqual(samplesOf("disk", element), [{
    name: "disk.disk_used",
    labels: { mountpoint: "/" },
    value: 7,
  }]);
});

Deno.test("samplesOf() gives a list's own numbers beside its elements'", () => {
  assert.deepEqual(
    samplesOf("disk_io_list", { devices: [{ device: "sda", read_ops: 1 }], pressure_some_seconds: 2 }),
    [
      { name: "disk_io.pressure_some_seconds", labels: {}, value: 2 },
      { name: "disk_io.read_ops", labels: { device: "sda" }, value: 1 },
    ],
  );
});

Deno.test("samplesOf() leaves the fields that identify an element out of its numbers", () => {
  assert.deepEqual(samplesOf("process_list", { processes: [{ pid: 7, name: 'a"b', mem_rss: 4096 }] }), [
    { name: "process.mem_rss", labels: { pid: "7", name: 'a"b' }, value: 4096 },
  ]);
});

Deno.test("seriesDefinitions() knows every name that samplesOf() gives", () => {
  const definitions = seriesDefinitions();
  for (
    const name of [
      "cpu.usage",
      "disk.disk_used",
      "network.rx_bytes",
      "tcp.segments_out",
      "collector.duration_us",
    ]
  ) {
    assert.ok(definitions.has(name), name);
  }
  assert.equal(definitions.get("network.rx_bytes")?.measure.kind, "counter");
  assert.deepEqual(definitions.get("disk.disk_used")?.types, ["disk", "disk_list"]);
});

Deno.test("seriesKey() quotes hostile label values", () => {
  assert.equal(seriesKey("cpu.usage", {}), "cpu.usage");
  assert.equal(
    seriesKey("disk.disk_used", { mountpoint: '/a"},b' }),
    'disk.disk_used{mountpoint="/a\\"},b"}',
  );
});
