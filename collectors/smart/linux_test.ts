import assert from "node:assert/strict";
import * as z from "zod/mini";
import { smartList } from "../../protocol/metrics/smart.ts";
import { componentTest, findExecutable } from "../../tests/support/component.ts";
import { ended, fakeVendor } from "../../tests/support/fake_vendor.ts";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { systemClock } from "../../lib/clock.ts";
import type { Collector } from "../collector.ts";
import { parseScan } from "./devices.ts";
import { linuxSmart } from "./linux.ts";
import { passesOnDriveCapability, smartDefinition } from "./mod.ts";

async function drivesOf(collector: Collector) {
  const list = z.tuple([z.object({ type: z.literal("smart_list"), data: smartList })]);
  return z.parse(list, await collector.collect())[0].data.devices;
}

const scan = JSON.stringify({
  devices: [
    { name: "/dev/sda", type: "scsi" },
    { name: "/dev/nvme0", type: "nvme" },
    { name: "/dev/bus/0", type: "megaraid,4" },
  ],
});
const healthy = JSON.stringify({
  model_name: "Disk",
  smart_status: { passed: true },
  temperature: { current: 30 },
});

Deno.test("linuxSmart asks each drive for itself and goes on when one can't be read", async () => {
  using temporary = temporaryHost({
    "sys/block/sda/device/model": "Disk",
    "sys/block/nvme0n1/device/model": "Disk",
    "sys/block/vda/device/vendor": "0x1af4",
    "sys/block/md0/size": "8",
  });
  const run = fakeVendor({
    "smartctl --json=c --scan": scan,
    "/dev/sda": healthy,
    "/dev/nvme0": { status: "killed", reason: "smartctl did not end within 20000 ms" },
    "--device=megaraid,4 /dev/bus/0": healthy,
    "/dev/vda": ended(
      1,
      JSON.stringify({ smartctl: { messages: [{ string: "Unable to detect device type" }] } }),
    ),
  });
  const drives = await drivesOf(linuxSmart(temporary.host, run));
  assert.deepEqual(drives.map(({ device, status }) => [device, status]), [
    ["sda", "ok"],
    ["nvme0", "unreadable"],
    ["bus/0 megaraid,4", "ok"],
    ["vda", "unsupported"],
  ]);
  assert.ok(run.asked.every((line) => line.includes("--scan") || line.includes("--nocheck=standby,3")));
});

Deno.test("linuxSmart leaves a rotating disk alone when it did nothing since it was asked", async () => {
  using temporary = temporaryHost({
    "sys/block/sda/device/model": "Disk",
    "sys/block/sda/queue/rotational": "1\n",
    "sys/block/sda/stat": "     100 0 8 9      200 0 8 9 0 0 0\n",
  });
  const run = fakeVendor({ "smartctl --json=c --scan": '{"devices":[]}', "/dev/sda": healthy });
  const collector = linuxSmart(temporary.host, run);
  const statuses = [];
  for (const stat of ["     100 0 8 9      200 0 8 9 0 0 0\n", "     100 0 8 9      201 0 8 9 0 0 0\n"]) {
    statuses.push((await drivesOf(collector))[0]?.status);
    const [idle] = await drivesOf(collector);
    assert.deepEqual([idle?.status, idle?.model, idle?.temperature], ["sleeping", "Disk", undefined]);
    temporary.write("sys/block/sda/stat", stat.replace("200", "201"));
  }
  assert.deepEqual(statuses, ["ok", "ok"]);
  assert.equal(run.asked.filter((line) => line.endsWith("/dev/sda")).length, 2);
});

Deno.test("linuxSmart fails with the reason when drives can't be listed", async () => {
  using temporary = temporaryHost();
  const old = linuxSmart(temporary.host, fakeVendor({ "smartctl --json=c --scan": "smartctl 6.6" }));
  await assert.rejects(async () => await old.collect(), /Cannot list drives: smartctl printed no JSON/);
  const absent = linuxSmart(temporary.host, fakeVendor({}));
  await assert.rejects(async () => await absent.collect(), /Cannot list drives: smartctl is not installed/);
});

Deno.test("parseScan leaves out names that leave /dev or look like options", () => {
  const devices = ["/dev/../etc/shadow", "-d", "/dev/sd a", "/dev/sda"].map((name) => ({
    name,
    type: "x,--evil y",
  }));
  assert.deepEqual(parseScan(JSON.stringify({ devices })), [{ path: "sda", name: "sda" }]);
  assert.deepEqual(parseScan("{}"), []);
});

const rawIo = "0000000000020000";
const none = "0000000000000000";
const capabilities: readonly [what: string, status: string, uid: number, expected: boolean][] = [
  ["root has it", `CapEff:\t${rawIo}\nCapAmb:\t${none}\n`, 0, true],
  ["a container's root lacks it", `CapEff:\t00000000a80425fb\nCapAmb:\t${none}\n`, 0, false],
  ["a user has it as ambient", `CapEff:\t${rawIo}\nCapAmb:\t${rawIo}\n`, 998, true],
  ["a user would not pass it on", `CapEff:\t${rawIo}\nCapAmb:\t${none}\n`, 998, false],
  ["nothing is known", "", 0, false],
];
for (const [what, status, uid, expected] of capabilities) {
  Deno.test(`passesOnDriveCapability says ${expected} when ${what}`, () => {
    assert.equal(passesOnDriveCapability(status, uid), expected);
  });
}

componentTest(
  "smartctl",
  findExecutable("smartctl"),
  "linuxSmart ends in figures or a sentence for each real disk",
  async () => {
    const collector = smartDefinition.create({ os: "linux", fs: hostFs(), clock: systemClock });
    for (const drive of await drivesOf(collector)) {
      if (drive.status === "ok" || drive.status === "failing") {
        assert.ok(
          drive.passed !== undefined,
          drive.device,
        );
      } else assert.ok(drive.reason !== undefined && drive.reason !== "", drive.device);
    }
  },
);
