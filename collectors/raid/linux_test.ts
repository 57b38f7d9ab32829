import assert from "node:assert/strict";
import * as z from "zod/mini";
import { raidList } from "../../protocol/metrics/raid.ts";
import { ended, fakeVendor } from "../../tests/support/fake_vendor.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import type { RunVendor } from "../vendor_runner.ts";
import { linuxRaid } from "./linux.ts";
import { raidDefinition } from "./mod.ts";
import type { Volume } from "./volume.ts";

async function volumesOf(host: Host, run?: RunVendor): Promise<Map<string, Volume>> {
  const list = z.tuple([z.object({ type: z.literal("raid_list"), data: raidList })]);
  const { volumes } = z.parse(list, await linuxRaid(host, run).collect())[0].data;
  return new Map(volumes.map((volume) => [volume.name, volume]));
}

Deno.test("linuxRaid reads an md array that is being checked", async () => {
  const volumes = await volumesOf(fixtureHost("raid_host"));
  assert.deepEqual(volumes.get("md0"), {
    kind: "md",
    name: "md0",
    level: "raid1",
    health: "ok",
    state: "clean",
    devices_total: 2,
    devices_active: 2,
    devices_missing: 0,
    devices_spare: 0,
    size_bytes: 1953260544 * 512,
    mismatches: 128,
    sync_action: "check",
    sync_percent: 25,
    sync_bytes_per_second: 104857 * 1024,
    sync_finish_seconds: 6984,
    members: [
      { name: "sda1", state: "in_sync", read_errors: 0 },
      { name: "sdb1", state: "in_sync,write_mostly", read_errors: 3 },
    ],
  });
});

Deno.test("linuxRaid tells degraded, stopped and container arrays apart", async () => {
  const volumes = await volumesOf(fixtureHost("raid_host"));
  const of = (name: string) => {
    const volume = volumes.get(name);
    return [
      volume?.health,
      volume?.devices_active,
      volume?.devices_missing,
      volume?.devices_spare,
      volume?.sync_action,
    ];
  };
  assert.deepEqual(of("md1"), ["degraded", 2, 1, 1, "recover"]);
  assert.equal(volumes.get("md1")?.sync_percent, undefined, "delayed");
  assert.deepEqual(of("md2"), ["failed", 1, 3, 0, undefined]);
  assert.deepEqual(of("md127"), ["unknown", undefined, undefined, 1, undefined]);
});

Deno.test("linuxRaid reads progress and the device that is being rebuilt when an array recovers", async () => {
  const volume = (await volumesOf(fixtureHost("md_recovering"))).get("md0");
  assert.equal(volume?.uuid, "c96a0fca-e217-182a-4a64-ec49c0b8d2b6");
  assert.deepEqual(
    [volume?.health, volume?.devices_active, volume?.devices_missing, volume?.devices_spare],
    ["degraded", 1, 1, 0],
  );
  assert.deepEqual(
    [volume?.sync_action, volume?.sync_percent, volume?.sync_bytes_per_second, volume?.sync_finish_seconds],
    ["recover", 9.35, 2026 * 1024, 54],
  );
  assert.deepEqual(volume?.members?.map(({ name, state }) => `${name} ${state}`), [
    "ram0 in_sync",
    "ram1 faulty",
    "ram2 rebuilding",
  ]);
});

Deno.test("linuxRaid reads chunks, profile and errors of a btrfs file system", async () => {
  const volumes = await volumesOf(fixtureHost("raid_host"));
  assert.deepEqual(volumes.get("testpool"), {
    kind: "btrfs",
    name: "testpool",
    uuid: "d554c2ae-201d-485a-8cd7-8bb68adefccf",
    level: "raid1",
    health: "ok",
    devices_total: 2,
    devices_active: 2,
    devices_missing: 0,
    size_bytes: 629_145_600,
    allocated_bytes: 218_103_808,
    data_total_bytes: 67_108_864,
    data_used_bytes: 20_971_520,
    metadata_total_bytes: 33_554_432,
    metadata_used_bytes: 163_840,
    read_errors: 0,
    write_errors: 0,
    checksum_errors: 0,
    members: [
      { name: "1", state: "ok", read_errors: 0, write_errors: 0, checksum_errors: 0 },
      { name: "2", state: "ok", read_errors: 0, write_errors: 0, checksum_errors: 0 },
    ],
  });
});

Deno.test("linuxRaid says degraded, and sums errors, when a btrfs device is missing; equal labels are told apart", async () => {
  const [first, second] = ["11111111-2222-3333-4444-555555555555", "11111111-2222-3333-4444-666666666666"];
  using temporary = temporaryHost({
    [`sys/fs/btrfs/${first}/label`]: "same\n",
    [`sys/fs/btrfs/${first}/devinfo/1/missing`]: "1\n",
    [`sys/fs/btrfs/${first}/devinfo/2/error_stats`]:
      "write_errs 1\nread_errs 2\nflush_errs 3\ncorruption_errs 4\ngeneration_errs 5\n",
    [`sys/fs/btrfs/${second}/label`]: "same\n",
  });
  const volumes = await volumesOf(temporary.host);
  const volume = volumes.get(first);
  assert.deepEqual([volume?.health, volume?.devices_missing], ["degraded", 1]);
  assert.deepEqual([volume?.read_errors, volume?.write_errors, volume?.checksum_errors], [2, 4, 9]);
  assert.ok(volumes.has(second));
});

Deno.test("linuxRaid gives the state of ZFS pools when zpool can't be asked", async () => {
  const volumes = await volumesOf(fixtureHost("raid_host"));
  assert.deepEqual(volumes.get("tank"), { kind: "zfs", name: "tank", health: "degraded", state: "DEGRADED" });
});

Deno.test("linuxRaid adds what zpool says, and its reason when it does not end", async () => {
  const read = (name: string) =>
    Deno.readTextFileSync(new URL(`../../tests/fixtures/zpool/${name}.txt`, import.meta.url));
  const run = fakeVendor({ "zpool list": read("list"), "zpool status": read("status") });
  const tank = (await volumesOf(fixtureHost("raid_host"), run)).get("tank");
  assert.deepEqual([tank?.health, tank?.size_bytes, tank?.devices_missing], ["degraded", 3985729650688, 1]);
  const stuck = fakeVendor({
    "zpool list": ended(1, "", "cannot open /dev/zfs: Permission denied"),
    "zpool status": { status: "killed", reason: "zpool did not end within 10000 ms" },
  });
  const waiting = (await volumesOf(fixtureHost("raid_host"), stuck)).get("tank");
  assert.deepEqual([waiting?.state, waiting?.detail], ["DEGRADED", "zpool did not end within 10000 ms"]);
});

Deno.test("raidDefinition is unsupported, and says so, when a host has no such volume", () => {
  assert.equal(raidDefinition.detect(fixtureHost("raid_host")).status, "available");
  const availability = raidDefinition.detect(fixtureHost("debian_64_cores"));
  assert.equal(availability.status, "unsupported");
});
