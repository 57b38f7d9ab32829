import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileAtomic, writeFileAtomicSync } from "./atomic_file.ts";

Deno.test("writeFileAtomic() replaces a file and leaves nothing beside it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "secret");
    await writeFileAtomic(path, "one");
    writeFileAtomicSync(path, "one and a half");
    assert.equal(await Deno.readTextFile(path), "one and a half");
    await writeFileAtomic(path, new TextEncoder().encode("two"));
    assert.equal(await Deno.readTextFile(path), "two");
    assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name), ["secret"]);
    if (Deno.build.os !== "windows") assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeFileAtomic() names the file that it can't write", async () => {
  await assert.rejects(
    writeFileAtomic(join("no", "such", "folder", "file"), ""),
    /Cannot write no.such.folder.file/,
  );
});

Deno.test("writeFileAtomicSync() names the file that it can't write", () => {
  assert.throws(
    () => writeFileAtomicSync(join("no", "such", "folder", "file"), ""),
    /Cannot write no.such.folder.file/,
  );
});
