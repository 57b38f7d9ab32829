import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import {
  type Arc,
  availableBytes,
  type Meminfo,
  parseArcstats,
  parseMeminfo,
  parseVmstat,
  unusedBytes,
} from "./parse.ts";

const essential = "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 10 kB\nCached: 200 kB\n";

Deno.test("parseMeminfo gives sizes in bytes and huge pages in pages", () => {
  const file =
    `${essential}HugePages_Total:       4\nHugePages_Free:        1\nHugepagesize:       2048 kB\n`;
  assert.deepEqual(parseMeminfo(bytesOf(file)), {
    MemTotal: 1_024_000,
    MemFree: 102_400,
    Buffers: 10_240,
    Cached: 204_800,
    HugePages_Total: 4,
    HugePages_Free: 1,
    Hugepagesize: 2_097_152,
  });
});

Deno.test("parseMeminfo goes by the colon when no blank follows it, and by the whole name", () => {
  const file = essential.replace("MemFree: ", "MemFree:") + "CachedAnew: 9 kB\nSwapCached: 5 kB\n";
  const { MemFree, Cached } = parseMeminfo(bytesOf(file));
  assert.deepEqual([MemFree, Cached], [102_400, 204_800]);
});

const malformed: readonly [file: string, complaint: RegExp][] = [
  [essential.slice(0, -1), /its last line is cut off/],
  [essential.slice(0, essential.indexOf("Buffers")), /it has no "Buffers" line with a number/],
  [essential.replace("1000", "lots"), /it has no "MemTotal" line with a number/],
];
for (const [file, complaint] of malformed) {
  Deno.test(`parseMeminfo refuses a file with ${complaint}`, () => {
    assert.throws(() => parseMeminfo(bytesOf(file)), complaint);
  });
}

const base: Meminfo = { MemTotal: 1000, MemFree: 100, Buffers: 10, Cached: 200, SReclaimable: 30, Shmem: 40 };
const available: readonly [what: string, meminfo: Meminfo, arc: Arc | undefined, expected: number][] = [
  ["what the kernel states", { ...base, MemAvailable: 500 }, undefined, 500],
  ["free memory and caches without shared memory, before Linux 3.14", base, undefined, 300],
  ["the same when a container states 0", { ...base, MemAvailable: 0 }, undefined, 300],
  ["the same when a container states more than there is", { ...base, MemAvailable: 1001 }, undefined, 300],
  [
    "ZFS's cache down to its least size",
    { ...base, MemAvailable: 500 },
    { sizeBytes: 300, minimumBytes: 50 },
    750,
  ],
  ["no less when ZFS's cache is below its least size", { ...base, MemAvailable: 500 }, {
    sizeBytes: 9,
    minimumBytes: 50,
  }, 500],
  ["no more than there is", { ...base, MemAvailable: 900 }, { sizeBytes: 300, minimumBytes: 50 }, 1000],
  ["nothing when shared memory is more than the cache", { ...base, MemFree: 0, Shmem: 900 }, undefined, 0],
];
for (const [what, meminfo, arc, expected] of available) {
  Deno.test(`availableBytes is ${what}`, () => assert.equal(availableBytes(meminfo, arc), expected));
}

Deno.test("parseVmstat leaves out what an old kernel does not count", () => {
  assert.deepEqual(parseVmstat(Deno.readFileSync(fixtureHost("centos_7_3_10").fs.proc("vmstat"))), {
    freePages: 228_085,
    swapInPages: 5028,
    swapOutPages: 60_112,
    majorFaults: 90_112,
  });
});

for (const file of ["garbage\n", "nr_free_pages 5", "nr_free_pages x\n"]) {
  Deno.test(`parseVmstat refuses ${JSON.stringify(file)}`, () => {
    assert.throws(() => parseVmstat(bytesOf(file)), /cut off|no "nr_free_pages" line/);
  });
}

Deno.test("parseArcstats reads the size, not the target, and the least size", () => {
  assert.deepEqual(
    parseArcstats(Deno.readFileSync(fixtureHost("zfs_host").fs.proc("spl/kstat/zfs/arcstats"))),
    {
      sizeBytes: 33_554_432_000,
      minimumBytes: 2_104_870_912,
    },
  );
  assert.throws(() => parseArcstats(bytesOf("size 4\nc_min 4 1\n")), /it has no "size" line/);
  assert.throws(() => parseArcstats(bytesOf("size 4 1\n")), /it has no "c_min" line/);
});

const withCaches = parseMeminfo(
  new TextEncoder().encode(
    "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 500 kB\nBuffers: 50 kB\nCached: 400 kB\nShmem: 30 kB\nSReclaimable: 20 kB\n",
  ),
);
const arc = { sizeBytes: 90 * 1024, minimumBytes: 10 * 1024 };
for (
  const [formula, alone, withArc] of [["available", 500, 580], ["free", 100, 100], [
    "without_cache",
    540,
    620,
  ]] as const
) {
  Deno.test(`unusedBytes by ${formula} gives ${alone} kB, with ZFS's cache ${withArc} kB`, () => {
    assert.equal(unusedBytes(withCaches, undefined, formula), alone * 1024);
    assert.equal(unusedBytes(withCaches, arc, formula), withArc * 1024);
  });
}
