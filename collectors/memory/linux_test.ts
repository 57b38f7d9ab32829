import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { memory as schema } from "../../protocol/metrics/memory.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import { linuxMemory } from "./linux.ts";

function read(host: Host): MetricData<"memory"> {
  const collector = linuxMemory(host, { used: "available" });
  try {
    return z.parse(z.tuple([z.object({ type: z.literal("memory"), data: schema })]), collector.collect())[0]
      .data;
  } finally {
    collector.close?.();
  }
}

Deno.test("linuxMemory fills every field that the captured machine can give", () => {
  const absent = ["hardware_corrupted", "zfs_arc", "zfs_arc_min"];
  assert.deepEqual(
    Object.keys(read(fixtureHost("debian_12_vm"))).sort(),
    Object.keys(schema.shape).filter((field) => !absent.includes(field)).sort(),
  );
});

Deno.test("linuxMemory says what is used as free does, in bytes and percent", () => {
  const data = read(fixtureHost("debian_64_cores"));
  assert.deepEqual(
    {
      ram_total: data.ram_total,
      ram_available: data.ram_available,
      ram_used: data.ram_used,
      ram_used_pct: data.ram_used_pct,
      swap_used: data.swap_used,
      swap_pct: data.swap_pct,
      swap_in_bytes: data.swap_in_bytes,
      huge_pages_free: data.huge_pages_free,
      oom_kills: data.oom_kills,
      pressure_full_seconds: data.pressure_full_seconds,
    },
    {
      ram_total: 528_280_412 * 1024,
      ram_available: 411_220_088 * 1024,
      ram_used: 117_060_324 * 1024,
      ram_used_pct: 22.16,
      swap_used: 268_276 * 1024,
      swap_pct: 3.2,
      swap_in_bytes: 15_211 * 4096,
      huge_pages_free: 512,
      oom_kills: 2,
      pressure_full_seconds: 0.048001,
    },
  );
});

Deno.test("linuxMemory counts swapped pages of 16 KiB where the kernel has such, and no pressure where it has none", () => {
  const data = read(fixtureHost("raspberry_pi_16k"));
  assert.deepEqual([data.swap_in_bytes, data.swap_out_bytes], [40 * 16_384, 900 * 16_384]);
  assert.ok(!("pressure_some_seconds" in data) && !("huge_pages_total" in data));
});

Deno.test("linuxMemory works out what is available, and the page size, on a kernel that tells neither", () => {
  const data = read(fixtureHost("centos_7_3_10"));
  assert.equal(data.ram_available, (912_340 + 402_112 + 9_120_444 + 620_112 - 302_112) * 1024);
  assert.equal(data.swap_out_bytes, 60_112 * 4096);
  assert.ok(!("oom_kills" in data));
});

Deno.test("linuxMemory counts what ZFS would give back as available", () => {
  const data = read(fixtureHost("zfs_host"));
  assert.equal(data.ram_available, 5_204_480 * 1024 + 33_554_432_000 - 2_104_870_912);
  assert.deepEqual([data.zfs_arc, data.zfs_arc_min], [33_554_432_000, 2_104_870_912]);
});

Deno.test("linuxMemory leaves the machine's ZFS cache out of a container's own view", () => {
  const data = read(fixtureHost("lxc_container"));
  assert.equal(data.ram_available, 1_822_208 * 1024);
  assert.ok(!("zfs_arc" in data));
});

Deno.test("linuxMemory says that nothing of the swap is used when there is none", () => {
  const { swap_total, swap_used, swap_pct } = read(fixtureHost("zfs_host"));
  assert.deepEqual([swap_total, swap_used, swap_pct], [0, 0, 0]);
});

const failures: readonly [scenario: string, complaint: RegExp][] = [
  ["truncated", /Cannot parse .*proc\/meminfo: its last line is cut off/],
  ["malformed", /Cannot parse .*proc\/meminfo: it has no "MemTotal" line with a number/],
  ["nowhere", /Cannot read .*proc\/meminfo/],
];
for (const [scenario, complaint] of failures) {
  Deno.test(`linuxMemory names the file when the host is ${scenario}`, () => {
    assert.throws(() => read(fixtureHost(scenario)), complaint);
  });
}

Deno.test("linuxMemory names vmstat when that is malformed, and does without where it is absent", () => {
  const meminfo = "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 10 kB\nCached: 200 kB\n";
  using temporary = temporaryHost({ "proc/meminfo": meminfo });
  assert.equal(read(temporary.host).ram_used, 690 * 1024);
  temporary.write("proc/vmstat", "garbage\n");
  assert.throws(() => read(temporary.host), /Cannot parse .*proc\/vmstat: it has no "nr_free_pages"/);
});
