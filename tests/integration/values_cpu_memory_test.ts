/** This machine's processors and memory, against what others say of them at the same moment. */
import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { Host } from "../../collectors/collector.ts";
import { linuxCpu } from "../../collectors/cpu/linux.ts";
import { linuxMemory } from "../../collectors/memory/linux.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { cpu } from "../../protocol/metrics/cpu.ts";
import { memory } from "../../protocol/metrics/memory.ts";
import { componentTest, findExecutable } from "../support/component.ts";
import { waitFor } from "../support/wait.ts";

const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };
const isLinux = Deno.build.os === "linux";
const cpuMeasurements = z.tuple([z.object({ type: z.literal("cpu"), data: cpu })]);
const memoryMeasurements = z.tuple([z.object({ type: z.literal("memory"), data: memory })]);

/** Ticks of a line of `/proc/stat` (`cpu`, `cpu0` …), by the simplest arithmetic. */
function ticks(name: string): { busy: number; total: number } {
  const line = Deno.readTextFileSync("/proc/stat").split("\n").find((text) => text.startsWith(`${name} `));
  assert.ok(line !== undefined, `no ${name} in /proc/stat`);
  // Guests are in user and nice already, so the first eight columns are all there is.
  const columns = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = columns.reduce((sum, value) => sum + value, 0);
  return { busy: total - (columns[3] ?? 0) - (columns[4] ?? 0), total };
}

Deno.test(
  { name: "cpu agrees with arithmetic on /proc/stat over the same second", ignore: !isLinux },
  async () => {
    const collector = linuxCpu(host);
    try {
      const names = ["cpu", "cpu0"];
      const before = names.map(ticks);
      z.parse(cpuMeasurements, collector.collect());
      await waitFor("2 s of processor time pass", () => ticks("cpu").total - (before[0]?.total ?? 0) >= 200);
      const [{ data }] = z.parse(cpuMeasurements, collector.collect());
      const after = names.map(ticks);
      const expected = names.map((_, index) => {
        const [start, end] = [before[index], after[index]];
        assert.ok(start !== undefined && end !== undefined);
        return {
          percent: 100 * (end.busy - start.busy) / (end.total - start.total),
          total: end.total - start.total,
        };
      });
      for (const [index, actual] of [data.usage, data.cores?.[0]].entries()) {
        const { percent = NaN, total = NaN } = expected[index] ?? {};
        assert.ok(typeof actual === "number", `${names[index]} has no usage`);
        // The windows differ by the time of the readings themselves: a few ticks at either end.
        const tolerance = 100 * 6 / total;
        assert.ok(
          Math.abs(actual - percent) <= tolerance,
          `${names[index]}: ${actual} % against ${percent} %`,
        );
      }
      const [load1] = Deno.loadavg();
      assert.ok(
        Math.abs((data.load_1m ?? NaN) - (load1 ?? NaN)) < 0.5,
        `load ${data.load_1m} against ${load1}`,
      );
      assert.ok((data.logical_count ?? 0) >= 1 && (data.logical_count ?? 0) <= navigator.hardwareConcurrency);
    } finally {
      collector.close?.();
    }
  },
);

/** A row of `free -b` by its column names. */
function rowOf(output: string, row: string): Record<string, number> {
  const [heading = "", ...lines] = output.split("\n");
  const values = lines.find((line) => line.startsWith(row))?.trim().split(/\s+/).slice(1) ?? [];
  return Object.fromEntries(heading.trim().split(/\s+/).map((name, index) => [name, Number(values[index])]));
}

async function run(path: string, ...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(path, { args, env: { LC_ALL: "C" } }).output();
  assert.ok(success, `${path} ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

componentTest("free", findExecutable("free"), "memory agrees with free at the same moment", async (free) => {
  const collector = linuxMemory(host, { used: "available" });
  try {
    const output = await run(free, "-b");
    const [{ data }] = z.parse(memoryMeasurements, collector.collect());
    const [ram, swap] = [rowOf(output, "Mem:"), rowOf(output, "Swap:")];
    // Other programs run: 2 % of the memory may change hands between the two readings.
    const near = (actual: number | undefined, expected: number | undefined, what: string) => {
      const difference = Math.abs((actual ?? NaN) - (expected ?? NaN));
      assert.ok(difference <= (data.ram_total ?? 0) * 0.02, `${what}: ${actual} against ${expected}`);
    };
    assert.equal(data.ram_total, ram["total"]);
    assert.equal(data.swap_total, swap["total"]);
    near(data.ram_available, ram["available"], "available");
    near(data.ram_free, ram["free"], "free");
    near(data.shared, ram["shared"], "shared");
    near(data.swap_used, swap["used"], "swap used");
    // procps before 4 counted shared memory as cache.
    if (/procps(-ng)? [4-9]/.test(await run(free, "--version"))) near(data.ram_used, ram["used"], "used");
  } finally {
    collector.close?.();
  }
});
