import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { diskList } from "../../protocol/metrics/disk.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { hostFs } from "../../lib/host_fs.ts";
import type { Host } from "../collector.ts";
import { linuxDisk, sizesOf } from "./linux.ts";
import { diskDefinition } from "./mod.ts";
import type { AskSpace } from "./space_lane.ts";

const noCache = { cache_seconds: 0 };
const space = {
  blockBytes: 4096,
  blocks: 1000,
  freeBlocks: 300,
  availableBlocks: 250,
  inodes: 200,
  freeInodes: 150,
};

async function read(host: Host, ask: AskSpace): Promise<MetricData<"disk">[]> {
  const collector = linuxDisk(host, noCache, ask);
  try {
    const list = z.tuple([z.object({ type: z.literal("disk_list"), data: diskList })]);
    return z.parse(list, await collector.collect())[0].data.disks;
  } finally {
    collector.close?.();
  }
}

Deno.test("linuxDisk fills every field of a mount when the file system answers", async () => {
  const host = fixtureHost("firecracker_vm");
  const asked: string[] = [];
  const disks = await read(host, (path) => {
    asked.push(path);
    return Promise.resolve(space);
  });
  assert.deepEqual(asked, [host.fs.root("/")]);
  assert.deepEqual(disks, [{
    device: "/dev/vda",
    mountpoint: "/",
    filesystem: "ext4",
    read_only: false,
    disk_total: 4_096_000,
    disk_used: 2_867_200,
    disk_available: 1_024_000,
    disk_used_pct: 73.68,
    inodes_total: 200,
    inodes_used: 50,
    inodes_pct: 25,
  }]);
});

Deno.test("linuxDisk says read-only, network and odd names when it reads a server", async () => {
  const disks = await read(fixtureHost("disks_server"), () => Promise.resolve(space));
  const readOnly = disks.filter((disk) => disk.read_only === true).map((disk) => disk.mountpoint);
  assert.deepEqual(readOnly, ["/srv", "/mnt/media", "/mnt/broken"]);
  const odd = disks.find((disk) => disk.mountpoint === "/mnt/back up\\old");
  assert.equal(odd?.device, "nas:/export/back up");
  assert.equal(odd?.disk_type, "network");
});

Deno.test("linuxDisk reports a hung mount with the others complete when it does not answer", async () => {
  const clock = fakeClock();
  const host = fixtureHost("disks_server", clock);
  const reading = read(
    host,
    (path) => path === host.fs.root("/mnt/media") ? new Promise(() => {}) : Promise.resolve(space),
  );
  await clock.advance(2000);
  const disks = await reading;
  const hung = disks.filter((disk) => disk.hung === true);
  assert.deepEqual(hung.map((disk) => [disk.mountpoint, disk.hung_seconds, disk.disk_total]), [
    ["/mnt/media", 2, undefined],
  ]);
  assert.equal(disks.filter((disk) => disk.disk_total === 4_096_000).length, disks.length - 1);
});

Deno.test("linuxDisk asks nothing when /proc is another host's and its root directory is not there", async () => {
  const { fs } = fixtureHost("laptop_luks");
  const procfs = fs.proc("").replace(/\/$/, "");
  const host = { os: "linux", fs: hostFs({ procfs }), clock: fakeClock() } as const;
  const disks = await read(host, () => assert.fail("asked this machine"));
  assert.deepEqual(disks.map((disk) => [disk.mountpoint, disk.disk_total]), [
    ["/", undefined],
    ["/boot/efi", undefined],
    ["/run/media/mia/Café", undefined],
  ]);
});

Deno.test({
  name: "linuxDisk names the kind of disk when sysfs knows it, by device number and by source",
  ignore: Deno.build.os === "windows", // No file name there may hold a colon.
  async fn() {
    using temporary = temporaryHost({
      "proc/1/mountinfo": "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n2 1 0:30 /@ /home rw - btrfs /dev/sdb rw\n" +
        "3 1 8:99 / /x rw - xfs /dev/sdz rw\n4 1 8:17 / /usb rw - fuseblk /dev/sdc1 rw\n" +
        "5 1 254:0 / /vm rw - ext4 /dev/vda rw\n",
      "sys/dev/block/8:2/queue/rotational": "0\n",
      "sys/dev/block/8:17/partition": "1\n",
      "sys/dev/block/queue/rotational": "1\n", // The parent folder, as a partition's is its disk's.
      "sys/class/block/sdb/queue/rotational": "1\n",
      "sys/devices/pci0000:00/virtio3/block/vda/queue/rotational": "1\n",
    });
    Deno.symlinkSync("../../devices/pci0000:00/virtio3/block/vda", temporary.host.fs.sys("dev/block/254:0"));
    const disks = await read(temporary.host, () => Promise.resolve(undefined));
    assert.deepEqual(disks.map((disk) => [disk.mountpoint, disk.disk_type]), [
      ["/", "ssd"],
      ["/home", "hdd"],
      ["/x", undefined],
      ["/usb", "hdd"],
      ["/vm", "virtual"],
    ]);
  },
});

Deno.test("linuxDisk sees a mount come and go when the table changes", async () => {
  using temporary = temporaryHost({ "proc/1/mountinfo": "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n" });
  const collector = linuxDisk(temporary.host, noCache, () => Promise.resolve(space));
  const points = async () => {
    const [measurement] = await collector.collect();
    assert.equal(measurement?.type, "disk_list");
    return measurement.data.disks.map((disk) => [disk.mountpoint, disk.read_only]);
  };
  assert.deepEqual(await points(), [["/", false]]);
  temporary.write(
    "proc/1/mountinfo",
    "1 0 8:2 / / ro - ext4 /dev/sda2 ro\n2 1 8:3 / /x rw - xfs /dev/sda3 rw\n",
  );
  assert.deepEqual(await points(), [["/", true], ["/x", false]]);
  collector.close?.();
});

const broken: readonly [what: string, contents: string | undefined, message: RegExp][] = [
  ["is missing", undefined, /Cannot read .*mountinfo/],
  ["is empty", "", /Cannot parse .*mountinfo: it is empty/],
  [
    "is cut off",
    "1 0 8:2 / / rw - ext4 /dev/sda2 rw\n2 1 8:3 / /x r",
    /Cannot parse .*mountinfo: its last line is cut off/,
  ],
  [
    "has a malformed line",
    "1 0 8:2 / / rw - ext4 /dev/sda2 rw\nrubbish\n",
    /Cannot parse .*mountinfo: 1 of its 2 lines are malformed/,
  ],
];
for (const [what, contents, message] of broken) {
  Deno.test(`linuxDisk fails naming the file when mountinfo ${what}`, async () => {
    using temporary = temporaryHost(contents === undefined ? {} : { "proc/1/mountinfo": contents });
    const collector = linuxDisk(temporary.host, noCache, () => Promise.resolve(space));
    await assert.rejects(async () => await collector.collect(), message);
    collector.close?.();
  });
}

Deno.test("sizesOf reaches 100 % when only root can write, and leaves out what there is not", () => {
  assert.equal(sizesOf({ ...space, freeBlocks: 50, availableBlocks: 0 }).disk_used_pct, 100);
  assert.equal("inodes_total" in sizesOf({ ...space, inodes: 0, freeInodes: 0 }), false);
  assert.deepEqual(sizesOf({ ...space, blocks: 0, freeBlocks: 0, availableBlocks: 0 }), {});
});

Deno.test("diskDefinition is unsupported, and says so, when the host does not run Linux", () => {
  const { fs, clock } = fixtureHost("firecracker_vm");
  assert.equal(diskDefinition.detect({ os: "linux", fs, clock }).status, "available");
  assert.equal(diskDefinition.detect({ os: "windows", fs, clock }).status, "unsupported");
});
