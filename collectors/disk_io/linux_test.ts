import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { diskIoList } from "../../protocol/metrics/disk.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Collector, Host } from "../collector.ts";
import { linuxDiskIo } from "./linux.ts";

function readOnce(collector: Collector): MetricData<"disk_io_list"> {
  const list = z.tuple([z.object({ type: z.literal("disk_io_list"), data: diskIoList })]);
  return z.parse(list, collector.collect())[0].data;
}

function read(host: Host): MetricData<"disk_io_list"> {
  const collector = linuxDiskIo(host);
  try {
    return readOnce(collector);
  } finally {
    collector.close?.();
  }
}

const names = (data: MetricData<"disk_io_list">) => data.devices.map((device) => device.device);

Deno.test("linuxDiskIo leaves out partitions, memory, loops and empty drives when it reads a server", () => {
  const data = read(fixtureHost("disks_server"));
  assert.deepEqual(names(data), ["sda", "sdb", "sdc", "dm-0", "dm-1", "md0", "nvme0n1"]);
  assert.equal(data.pressure_some_seconds, 918.273645);
  assert.equal(data.pressure_full_seconds, 812.345678);
});

Deno.test("linuxDiskIo gives counters in bytes, operations and milliseconds when a line has all 17 numbers", () => {
  assert.deepEqual(read(fixtureHost("disks_server")).devices[0], {
    device: "sda",
    read_bytes: 9_581_930 * 512,
    write_bytes: 48_102_416 * 512,
    read_ops: 190_134,
    write_ops: 905_112,
    read_time_ms: 78_214,
    write_time_ms: 812_345,
    io_in_progress: 2,
    io_time_ms: 511_000,
    weighted_io_time_ms: 893_021,
    reads_merged: 51_202,
    writes_merged: 611_804,
    discard_bytes: 9_437_184 * 512,
    discard_ops: 1200,
    flush_ops: 45_102,
    flush_time_ms: 2152,
  });
});

Deno.test("linuxDiskIo leaves out what the kernel does not count when it is old", () => {
  const data = read(fixtureHost("centos_6_disks"));
  assert.deepEqual(names(data), ["sda", "cciss/c0d0"]);
  assert.equal(data.devices[0]?.weighted_io_time_ms, 484_101);
  for (const field of ["discard_bytes", "flush_ops"] as const) {
    assert.equal(data.devices[0]?.[field], undefined);
  }
  assert.equal(data.pressure_some_seconds, undefined);
});

Deno.test("linuxDiskIo reads a captured machine", () => {
  assert.deepEqual(names(read(fixtureHost("firecracker_vm"))), ["vda"]);
});

const zeros = "0 0 0 0 0 0 0 0 0 0 0";

Deno.test("linuxDiskIo goes by sysfs when it is there: labels, partitions, empty drives, paths of one disk", () => {
  using temporary = temporaryHost({
    "proc/diskstats": [
      `8 0 sda ${zeros}`,
      `8 16 sdb ${zeros}`,
      `202 1 xvda1 ${zeros}`,
      `202 2 xvdb ${zeros}`,
      `253 0 dm-0 ${zeros}`,
      `259 0 nvme0c0n1 ${zeros}`,
      `104 0 cciss/c0d0 ${zeros}`,
      "",
    ].join("\n"),
    "sys/block/sda/size": "1000\n",
    "sys/block/sda/device/model": "Samsung SSD 870 \n",
    "sys/block/sdb/size": "1000\n",
    "sys/block/sdb/removable": "1\n",
    "sys/block/xvda1/size": "1000\n",
    "sys/block/dm-0/size": "1000\n",
    "sys/block/dm-0/dm/name": "vg0-root\n",
    "sys/block/nvme0c0n1/size": "1000\n",
    "sys/block/nvme0c0n1/hidden": "1\n",
    "sys/block/cciss!c0d0/size": "1000\n",
  });
  assert.deepEqual(read(temporary.host).devices.map((device) => [device.device, device.label]), [
    ["sda", "Samsung SSD 870"],
    ["xvda1", undefined],
    ["dm-0", "vg0-root"],
    ["cciss/c0d0", undefined],
  ]);
});

Deno.test("linuxDiskIo shows an empty drive once it did I/O, and a new label some minutes after a number was given away", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({
    "proc/diskstats": `8 16 sdb ${zeros}\n253 0 dm-0 ${zeros}\n`,
    "sys/block/sdb/size": "0\n",
    "sys/block/dm-0/size": "8\n",
    "sys/block/dm-0/dm/name": "old\n",
  }, clock);
  const collector = linuxDiskIo(temporary.host);
  assert.deepEqual(names(readOnce(collector)), ["dm-0"]);
  temporary.write("proc/diskstats", `8 16 sdb 1 0 8 ${zeros.slice(6)}\n253 0 dm-0 ${zeros}\n`);
  temporary.write("sys/block/dm-0/dm/name", "new\n");
  assert.deepEqual(names(readOnce(collector)), ["sdb", "dm-0"]);
  assert.equal(readOnce(collector).devices[1]?.label, "old");
  await clock.advance(300_000);
  assert.equal(readOnce(collector).devices[1]?.label, "new");
  collector.close?.();
});

const broken: readonly [what: string, contents: string | undefined, message: RegExp][] = [
  ["is missing", undefined, /Cannot read .*diskstats/],
  ["is empty", "", /Cannot parse .*diskstats: it is empty/],
  ["is cut off", "8 0 sda 1 2 3 4 5 6 7 8 9 10 1", /Cannot parse .*diskstats: its last line is cut off/],
  ["has too few numbers", "8 0 sda 1 2 3\n", /Cannot parse .*diskstats: device "sda" has 3 numbers/],
  ["has words for numbers", "8 0 sda 1 2 3 4 5 six 7 8 9 10 11\n", /device "sda" has 5 numbers/],
  ["has no name", "8 0\n", /device "" has 0 numbers/],
];
for (const [what, contents, message] of broken) {
  Deno.test(`linuxDiskIo fails naming the file when diskstats ${what}`, () => {
    using temporary = temporaryHost(contents === undefined ? {} : { "proc/diskstats": contents });
    const collector = linuxDiskIo(temporary.host);
    assert.throws(() => collector.collect(), message);
    collector.close?.();
  });
}
