import assert from "node:assert/strict";
import * as z from "zod/mini";
import { systemClock } from "../lib/clock.ts";
import { hostFs } from "../lib/host_fs.ts";
import { commandSchemas } from "../protocol/command.ts";
import { listMounts } from "./list_mounts.ts";

const signal = new AbortController().signal;

Deno.test("LIST_MOUNTS lists the mounts of the host's first process when trees are mounted elsewhere", async () => {
  const procfs = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${procfs}/1`);
    await Deno.writeTextFile(
      `${procfs}/1/mountinfo`,
      "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 8:17 / /mnt/a\\040b rw - xfs /dev/sdb1 rw\ncut off",
    );
    const context = { host: { os: Deno.build.os, fs: hostFs({ procfs }) }, clock: systemClock, signal };
    assert.deepEqual(await listMounts.run({}, context), [
      { mountpoint: "/", device: "/dev/sda1", fstype: "ext4" },
      { mountpoint: "/mnt/a b", device: "/dev/sdb1", fstype: "xfs" },
    ]);
    await Deno.remove(`${procfs}/1/mountinfo`);
    await assert.rejects(listMounts.run({}, context), /Cannot read the mounts from .*mountinfo/);
  } finally {
    await Deno.remove(procfs, { recursive: true });
  }
});

Deno.test({
  name: "LIST_MOUNTS gives a result of the protocol's shape on this host",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const context = { host: { os: Deno.build.os, fs: hostFs() }, clock: systemClock, signal };
    const mounts = z.parse(commandSchemas.LIST_MOUNTS.result, await listMounts.run({}, context));
    assert(mounts.some(({ mountpoint }) => mountpoint === "/"));
  },
});
