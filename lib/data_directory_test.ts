import assert from "node:assert/strict";
import { join } from "node:path";
import { claimDataDirectory, makePrivateDirectory } from "./data_directory.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("makePrivateDirectory() makes folders for their owner only and leaves nothing in them", () =>
  inFolder(async (folder) => {
    const path = join(folder, "deep/data");
    await makePrivateDirectory(path);
    await makePrivateDirectory(path);
    assert.deepEqual(Array.from(Deno.readDirSync(path)), []);
    if (Deno.build.os !== "windows") assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o700);
  }));

Deno.test("makePrivateDirectory() names the folder when it can't be made", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assert.rejects(makePrivateDirectory(join(folder, "file/data")), /Cannot make the directory .*data/);
  }));

Deno.test({
  name: "makePrivateDirectory() names the folder when it exists and takes no files",
  ignore: Deno.build.os !== "linux", // Nobody, root included, makes files in /proc.
  fn: () => assert.rejects(makePrivateDirectory("/proc"), /Cannot write to the directory \/proc/),
});

Deno.test("claimDataDirectory() gives a folder to one user of each kind until it is released", () =>
  inFolder(async (folder) => {
    const first = await claimDataDirectory(folder, "agent");
    const server = await claimDataDirectory(folder, "server");
    await assert.rejects(claimDataDirectory(folder, "agent"), (error: Error) => {
      assert(error.message.includes(folder));
      assert.match(error.message, /in use by another agent: stop that one, .*--data DIR/);
      return true;
    });
    first.release();
    (await claimDataDirectory(folder, "agent")).release();
    server.release();
  }));
