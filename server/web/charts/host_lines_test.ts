import assert from "node:assert/strict";
import { seriesDefinitions, seriesKey } from "../../../protocol/series.ts";
import { hostSeriesNames, recentSeriesNames } from "../state/host_series.ts";
import { seriesStore } from "../state/series_store.ts";
import * as lines from "./host_lines.ts";
import { lastValue, plotData } from "./plot_data.ts";

const names = new Set(hostSeriesNames);

Deno.test("hostSeriesNames and recentSeriesNames are series that the protocol defines", () => {
  for (const name of [...hostSeriesNames, ...recentSeriesNames]) {
    assert.ok(seriesDefinitions().has(name), name);
  }
});

Deno.test("deviceKey and interfaceKey write keys as the protocol does, whatever the name", () => {
  for (const name of ["sda", 'a"b\\', "ü\u2028"]) {
    assert.equal(lines.deviceKey("read_bytes", name), seriesKey("disk_io.read_bytes", { device: name }));
    assert.equal(lines.interfaceKey("rx_bytes", name), seriesKey("network.rx_bytes", { interface: name }));
  }
});

Deno.test("every chart's lines read series that the page asks for", () => {
  const everything = { get: (key: string) => ({ key, labels: {}, times: [], values: [] }) };
  const all = [
    lines.cpuLines(everything, 1),
    lines.memoryLines(everything),
    lines.swapLines(everything),
    lines.swapTrafficLines(everything),
    lines.loadLines(everything),
    lines.pressureLines(everything),
    lines.diskThroughputLines(everything, "sda"),
    lines.diskOperationLines(everything, "sda"),
    lines.diskUtilisationLines(everything, "sda"),
    lines.networkLines(everything, "eth0"),
    lines.networkFaultLines(everything, "eth0"),
  ].flat();
  for (const { terms } of all) {
    for (const { key } of terms) assert.ok(names.has(key.replace(/\{.*/, "")), key);
  }
});

Deno.test("cpuLines give percent of all processors, or the total alone when there are no modes", () => {
  const modes = seriesStore(names);
  modes.append(1000, {
    "cpu.user_seconds": 1,
    "cpu.irq_seconds": 0.1,
    "cpu.softirq_seconds": 0.3,
    "cpu.usage": 35,
  });
  const drawn = lines.cpuLines(modes, 4);
  assert.deepEqual(drawn.map(({ label }) => label), ["User", "Interrupts"]);
  assert.deepEqual(plotData(modes, drawn, 0, 2000).columns.map(lastValue), [25, 10]);

  const total = seriesStore(names);
  total.append(1000, { "cpu.usage": 35 });
  assert.deepEqual(lines.cpuLines(total, 4).map(({ label }) => label), ["Used"]);
  assert.deepEqual(lines.cpuLines(seriesStore(names), 4), []);
});

Deno.test("memoryLines add up to all memory there is", () => {
  const store = seriesStore(names);
  store.append(1000, { "memory.ram_used": 6, "memory.ram_available": 10, "memory.ram_free": 3 });
  const values = plotData(store, lines.memoryLines(store), 0, 2000).columns.map(lastValue);
  assert.deepEqual(values, [6, 7, 3]);
});

Deno.test("temperatureLines draw the hottest sensors, and tell those of the same name apart", () => {
  const store = seriesStore(names);
  const append = (sensor: string, device: string, value: number) =>
    store.append(1000, { [seriesKey("temperature.temperature", { sensor, device })]: value });
  for (let core = 0; core < 8; core++) append(`Core ${core}`, "cpu", 30 + core);
  append("nvme Composite", "S1", 60);
  append("nvme Composite", "S2", 50);
  assert.deepEqual(lines.temperatureLines(store).map(({ label }) => label), [
    "Core 3",
    "Core 4",
    "Core 5",
    "Core 6",
    "Core 7",
    "nvme Composite (S1)",
    "nvme Composite (S2)",
  ]);
  assert.deepEqual(lines.temperatureLines(seriesStore(names)), []);
});
