import assert from "node:assert/strict";
import { statfsSync } from "node:fs";
import { dropFilePages, ignoreSigusr1, openSocket, statvfs } from "./libc.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) await statvfs("/"); // Loads the C library outside of the tests, which look for leaks.

Deno.test({
  name: "statvfs gives what the runtime's own call gives, in blocks of f_frsize",
  ignore: !onLinux,
  async fn() {
    const space = await statvfs("/");
    const expected = statfsSync("/");
    assert.ok(space);
    assert.equal(space.blocks * space.blockBytes, expected.blocks * expected.bsize);
    assert.equal(space.inodes, expected.files);
    const near = (one: number, other: number) => Math.abs(one - other) * space.blockBytes < 256 * 2 ** 20;
    assert.ok(near(space.freeBlocks, expected.bfree));
    assert.ok(near(space.availableBlocks, expected.bavail));
  },
});

Deno.test({
  name: "statvfs gives nothing when the path is not there or is none",
  ignore: !onLinux,
  async fn() {
    assert.equal(await statvfs("/there is no such path"), undefined);
    assert.equal(await statvfs("/\0etc"), undefined);
    assert.ok(await statvfs(Deno.cwd()), "a longer path than /");
  },
});

Deno.test({
  name: "openSocket fails with the errno when the kernel has no such family",
  ignore: !onLinux,
  fn() {
    assert.throws(() => openSocket(9999, 3, 0), /socket\(9999, 3, 0\) failed with errno 97$/);
  },
});

Deno.test({
  name: "openSocket's socket fails rather than waits when there is nothing to receive",
  ignore: !onLinux,
  fn() {
    const socket = openSocket(16, 3, 4); // AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG
    assert.throws(() => socket.receive(new Uint8Array(16)), /recv failed with errno 11$/);
    socket.close();
  },
});

function ownStatus(field: string): string {
  const line = Deno.readTextFileSync("/proc/self/status").split("\n").find((text) =>
    text.startsWith(`${field}:`)
  );
  return line?.split(/\s+/)[1] ?? "";
}

Deno.test({
  name: "ignoreSigusr1 makes the kernel drop the signal",
  ignore: !onLinux,
  fn() {
    ignoreSigusr1();
    assert.equal(BigInt(`0x${ownStatus("SigIgn")}`) >> 9n & 1n, 1n);
    Deno.kill(Deno.pid, "SIGUSR1"); // Its default ends the process.
  },
});

Deno.test({
  name: "dropFilePages gives file pages back, and what was dropped still runs",
  ignore: !onLinux,
  fn() {
    const before = Number(ownStatus("RssFile"));
    dropFilePages();
    assert.ok(
      Number(ownStatus("RssFile")) < before / 2,
      `${before} kB before, ${ownStatus("RssFile")} kB after`,
    );
    assert.equal(JSON.parse('{"still": [1, "works"]}').still[1], "works");
  },
});

Deno.test({
  name: "statvfs says what it needs when there is no glibc",
  ignore: onLinux,
  async fn() {
    await assert.rejects(statvfs("/"), /Cannot load libc.so.6: this needs Linux with glibc/);
  },
});
