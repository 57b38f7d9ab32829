import assert from "node:assert/strict";
import { hostFs } from "../lib/host_fs.ts";
import { resolveHostname } from "./hostname.ts";

async function withHostnameFile(contents: string, run: (rootfs: string) => void): Promise<void> {
  const rootfs = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${rootfs}/etc`);
    await Deno.writeTextFile(`${rootfs}/etc/hostname`, contents);
    run(rootfs);
  } finally {
    await Deno.remove(rootfs, { recursive: true });
  }
}

Deno.test("resolveHostname takes the configured name before any other", async () => {
  await withHostnameFile("host\n", (rootfs) => {
    assert.equal(resolveHostname("web-01", hostFs({ rootfs })), "web-01");
  });
});

Deno.test("resolveHostname takes the host's file when the host's trees are mounted elsewhere", async () => {
  await withHostnameFile("# written by the installer\n\ndb-7.example.org\n", (rootfs) => {
    assert.equal(resolveHostname(undefined, hostFs({ rootfs })), "db-7.example.org");
  });
});

Deno.test("resolveHostname asks the operating system when nothing else tells", async () => {
  assert.equal(resolveHostname(undefined, hostFs()), Deno.hostname());
  await withHostnameFile("\n", (rootfs) => {
    assert.equal(resolveHostname(undefined, hostFs({ rootfs })), Deno.hostname());
  });
});

Deno.test("resolveHostname refuses a name that no server takes", () => {
  assert.throws(() => resolveHostname(" ", hostFs()), /0 characters/);
  assert.throws(() => resolveHostname("x".repeat(3_000_000), hostFs()), /3000000 characters/);
  assert.throws(() => resolveHostname("web\u001b[2J", hostFs()), /"web\\x1b\[2J" holds control characters/);
});
