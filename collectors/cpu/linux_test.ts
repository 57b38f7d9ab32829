import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { cpu as schema } from "../../protocol/metrics/cpu.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Collector, Host } from "../collector.ts";
import { linuxCpu } from "./linux.ts";

function readOnce(collector: Collector): MetricData<"cpu"> {
  return z.parse(z.tuple([z.object({ type: z.literal("cpu"), data: schema })]), collector.collect())[0].data;
}

function firstReading(host: Host): MetricData<"cpu"> {
  const collector = linuxCpu(host);
  try {
    return readOnce(collector);
  } finally {
    collector.close?.();
  }
}

Deno.test("linuxCpu fills everything but percentages at the first reading of a captured machine", () => {
  assert.deepEqual(Object.keys(firstReading(fixtureHost("debian_12_vm"))).sort(), [
    "context_switches",
    "forks",
    "frequency_hz",
    "guest_nice_seconds",
    "guest_seconds",
    "idle_seconds",
    "interrupts",
    "iowait_seconds",
    "irq_seconds",
    "load_15m",
    "load_1m",
    "load_5m",
    "logical_count",
    "nice_seconds",
    "pressure_some_seconds",
    "processes_blocked",
    "processes_running",
    "softirq_seconds",
    "steal_seconds",
    "system_seconds",
    "user_seconds",
  ]);
});

Deno.test("linuxCpu reads the pressure of interrupts where the kernel has it, and no full of the processors", () => {
  const data = firstReading(fixtureHost("debian_64_cores"));
  assert.deepEqual([data.pressure_some_seconds, data.pressure_irq_full_seconds, data.load_15m], [
    8112.334411,
    0.771203,
    5.51,
  ]);
});

Deno.test("linuxCpu leaves out modes and pressure that an old kernel does not have", () => {
  const data = firstReading(fixtureHost("centos_7_3_10"));
  assert.equal(data.softirq_seconds, 360.48);
  for (
    const field of ["steal_seconds", "guest_seconds", "guest_nice_seconds", "pressure_some_seconds"] as const
  ) {
    assert.ok(!(field in data), field);
  }
});

const tail = "intr 7\nctxt 8\nbtime 1795250972\nprocesses 9\nprocs_running 2\nprocs_blocked 1\n";

Deno.test("linuxCpu gives usage and cores at the second reading", () => {
  using temporary = temporaryHost({
    "proc/stat":
      `cpu  100 0 100 1000 0 0 0 0 0 0\ncpu0 50 0 50 500 0 0 0 0 0 0\ncpu1 50 0 50 500 0 0 0 0 0 0\n${tail}`,
    "proc/loadavg": "0.10 0.20 0.30 1/2 3\n",
  });
  const collector = linuxCpu(temporary.host);
  readOnce(collector);
  temporary.write(
    "proc/stat",
    `cpu  175 0 100 1100 25 0 0 0 0 0\ncpu0 125 0 50 500 25 0 0 0 0 0\ncpu1 50 0 50 600 0 0 0 0 0 0\n${tail}`,
  );
  const data = readOnce(collector);
  assert.deepEqual([data.usage, data.cores, data.iowait_seconds], [37.5, [75, 0], 0.25]);
  collector.close?.();
});

const failures: readonly [scenario: string, complaint: RegExp][] = [
  ["truncated", /Cannot parse .*proc\/stat: its last line is cut off/],
  ["malformed", /Cannot parse .*proc\/stat: a "cpu" line has 0 times/],
  ["nowhere", /Cannot read .*proc\/stat/],
];
for (const [scenario, complaint] of failures) {
  Deno.test(`linuxCpu names the file when the host is ${scenario}`, () => {
    assert.throws(() => firstReading(fixtureHost(scenario)), complaint);
  });
}

Deno.test("linuxCpu works again when its file does", () => {
  using temporary = temporaryHost({ "proc/stat": "", "proc/loadavg": "0.10 0.20 0.30 1/2 3\n" });
  const collector = linuxCpu(temporary.host);
  assert.throws(() => readOnce(collector), /it is empty/);
  temporary.write("proc/stat", `cpu  1 2 3 4\n${tail}`);
  assert.equal(readOnce(collector).context_switches, 8);
  collector.close?.();
});
