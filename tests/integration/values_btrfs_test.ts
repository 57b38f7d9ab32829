/** A btrfs file system of two devices, made for the purpose: what `raid` says of it against `btrfs`, whole and with a device missing. */
import assert from "node:assert/strict";
import * as z from "zod/mini";
import { linuxRaid } from "../../collectors/raid/linux.ts";
import type { Volume } from "../../collectors/raid/volume.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { raidList } from "../../protocol/metrics/raid.ts";
import { componentTest, findExecutable } from "../support/component.ts";

/** `mkfs.btrfs`, where there are also the kernel's part and the right to mount. */
function usableMkfs(): string | undefined {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0 || findExecutable("btrfs") === undefined) {
    return undefined;
  }
  const capabilities = /^CapEff:\s*(\w+)/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? "0";
  const mayMount = (BigInt(`0x${capabilities}`) & (1n << 21n)) !== 0n;
  const kernelHasIt = /\tbtrfs$/m.test(Deno.readTextFileSync("/proc/filesystems"));
  return mayMount && kernelHasIt ? findExecutable("mkfs.btrfs") : undefined;
}

async function run(program: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(program, { args, env: { LC_ALL: "C" } });
  const { success, stdout, stderr } = await command.output();
  assert.ok(success, `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}

async function readVolume(label: string): Promise<Volume> {
  const list = z.tuple([z.object({ type: z.literal("raid_list"), data: raidList })]);
  const host = { os: "linux", fs: hostFs(), clock: systemClock } as const;
  const { volumes } = z.parse(list, await linuxRaid(host).collect())[0].data;
  const volume = volumes.find(({ name }) => name === label);
  assert.ok(volume, `no volume ${label}`);
  return volume;
}

function numberAfter(text: string, title: RegExp): number {
  return Number(new RegExp(`${title.source}\\s*(\\d+)`, "m").exec(text)?.[1]);
}

componentTest(
  "btrfs",
  usableMkfs(),
  "raid agrees with btrfs on a mirror, and sees a device missing",
  async (mkfs) => {
    const folder = await Deno.makeTempDir({ prefix: "spectra-btrfs-" });
    const mountpoint = `${folder}/mount`;
    const label = `spectra-${Deno.pid}`;
    const undo: (() => Promise<unknown>)[] = [() => Deno.remove(folder, { recursive: true })];
    try {
      await Deno.mkdir(mountpoint);
      const devices: string[] = [];
      for (const name of ["a", "b"]) {
        const image = `${folder}/${name}.img`;
        await run("truncate", "-s", "200M", image);
        const device = await run("losetup", "--find", "--show", image);
        undo.push(() => run("losetup", "--detach", device));
        devices.push(device);
      }
      const [first = "", second = ""] = devices;
      await run(mkfs, "-q", "-L", label, "-d", "raid1", "-m", "raid1", first, second);
      await run("btrfs", "device", "scan", first, second);
      await run("mount", first, mountpoint);
      const unmount = () => run("umount", mountpoint);
      undo.push(unmount);
      await Deno.writeFile(`${mountpoint}/file`, crypto.getRandomValues(new Uint8Array(65_536)));
      await run("btrfs", "filesystem", "sync", mountpoint);

      const usage = await run("btrfs", "filesystem", "usage", "-b", mountpoint);
      const volume = await readVolume(label);
      assert.deepEqual([volume.health, volume.level, volume.devices_total, volume.devices_missing], [
        "ok",
        "raid1",
        2,
        0,
      ]);
      assert.equal(volume.size_bytes, numberAfter(usage, /Device size:/));
      assert.equal(volume.allocated_bytes, numberAfter(usage, /Device allocated:/));
      assert.equal(volume.data_total_bytes, numberAfter(usage, /^Data,RAID1: Size:/));
      assert.equal(volume.metadata_total_bytes, numberAfter(usage, /^Metadata,RAID1: Size:/));
      const stats = await run("btrfs", "device", "stats", mountpoint);
      assert.equal(volume.write_errors, numberAfter(stats, /write_io_errs/));

      undo.pop();
      await unmount();
      await run("btrfs", "device", "scan", "--forget", second);
      await run("wipefs", "--all", "--quiet", second);
      await run("mount", "-o", "degraded", first, mountpoint);
      undo.push(unmount);
      const degraded = await readVolume(label);
      assert.deepEqual([degraded.health, degraded.devices_total, degraded.devices_missing], [
        "degraded",
        2,
        1,
      ]);
    } finally {
      for (const step of undo.reverse()) await step();
    }
  },
);
