import assert from "node:assert/strict";
import { join } from "node:path";
import {
  exists,
  hostFs,
  isDirectory,
  keptFile,
  namesIn,
  readInteger,
  readLink,
  readText,
} from "./host_fs.ts";

async function inFolder(run: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("hostFs() resolves below the trees that it is given", () => {
  const own = hostFs();
  assert.deepEqual([own.redirected, own.proc("stat"), own.sys("class/net"), own.root("/etc/hostname")], [
    false,
    "/proc/stat",
    "/sys/class/net",
    "/etc/hostname",
  ]);
  const host = hostFs({ procfs: "/host/proc/", sysfs: "/host/sys", rootfs: "/host/" });
  assert.deepEqual([host.redirected, host.proc("stat"), host.sys("class/net"), host.root("/etc/hostname")], [
    true,
    "/host/proc/stat",
    "/host/sys/class/net",
    "/host/etc/hostname",
  ]);
});

Deno.test("hostFs().procInit() prefers the first process's view, then its own, then the tree's", () =>
  inFolder((folder) => {
    const fs = hostFs({ procfs: folder });
    assert.equal(fs.procInit("net/dev"), `${folder}/net/dev`);
    Deno.mkdirSync(join(folder, "self/net"), { recursive: true });
    Deno.writeTextFileSync(join(folder, "self/net/dev"), "");
    assert.equal(fs.procInit("net/dev"), `${folder}/self/net/dev`);
    Deno.mkdirSync(join(folder, "1/net"), { recursive: true });
    Deno.writeTextFileSync(join(folder, "1/net/dev"), "");
    assert.equal(fs.procInit("net/dev"), `${folder}/1/net/dev`);
  }));

Deno.test("keptFile() re-reads from the start, grows with the file, and follows a replacement after an error", () =>
  inFolder((folder) => {
    const path = join(folder, "file");
    const text = () => new TextDecoder().decode(file.read());
    const file = keptFile(path);
    assert.throws(() => file.read(), /Cannot read .*file/);
    Deno.writeTextFileSync(path, "one");
    assert.equal(text(), "one");
    Deno.writeTextFileSync(path, "x".repeat(300_000));
    assert.equal(text().length, 300_000);
    file.close();
    file.close();
    assert.equal(text().length, 300_000);
    file.close();
  }));

Deno.test("readText() and readInteger() take absence as an answer", () =>
  inFolder((folder) => {
    const path = join(folder, "value");
    assert.equal(readText(path), undefined);
    assert.equal(readInteger(path), undefined);
    for (
      const [text, value] of [["42\n", 42], ["-1", -1], ["0x1f", undefined], ["", undefined], [
        "1 2",
        undefined,
      ]]
    ) {
      Deno.writeTextFileSync(path, String(text));
      assert.equal(readInteger(path), value, String(text));
    }
  }));

Deno.test("exists(), isDirectory() and namesIn() take absence and other kinds of file as an answer", () =>
  inFolder((folder) => {
    Deno.mkdirSync(join(folder, "sub"));
    Deno.writeTextFileSync(join(folder, "file"), "");
    const paths = [folder, join(folder, "file"), join(folder, "none"), join(folder, "file/none")];
    assert.deepEqual(paths.map(exists), [true, true, false, false]);
    assert.deepEqual(paths.map(isDirectory), [true, false, false, false]);
    assert.deepEqual(paths.map(namesIn), [["file", "sub"], [], [], []]);
  }));

Deno.test({
  name: "readLink() gives the target itself, whether it exists or not, and undefined for what is no link",
  ignore: Deno.build.os === "windows", // Links need a privilege there.
  fn: () =>
    inFolder((folder) => {
      Deno.symlinkSync("../target", join(folder, "link"));
      Deno.writeTextFileSync(join(folder, "file"), "");
      const read = (name: string) => readLink(join(folder, name));
      assert.deepEqual(["link", "file", "none"].map(read), ["../target", undefined, undefined]);
      assert.equal(exists(join(folder, "link")), false, "its target is absent");
    }),
});
