import assert from "node:assert/strict";
import { parseMountinfo } from "../../lib/mountinfo.ts";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import { backingOf, chooseFileSystems, isReadOnly } from "./file_systems.ts";

function chosen(scenario: string): Record<string, string> {
  const text = Deno.readTextFileSync(fixtureHost(scenario).fs.procInit("mountinfo"));
  return Object.fromEntries(
    chooseFileSystems(parseMountinfo(text)).map((entry) => [entry.mountpoint, entry.backing]),
  );
}

Deno.test("chooseFileSystems leaves out pseudo, covered, container and snapshot mounts when it reads a server", () => {
  assert.deepEqual(chosen("disks_server"), {
    "/": "local",
    "/boot": "local",
    "/boot/efi": "local",
    "/var": "local",
    "/srv": "local",
    "/data": "local",
    "/mnt/back up\\old": "network",
    "/mnt/media": "network",
    "/mnt/share": "network",
    "/home/ana/remote": "network",
    "/tank": "local",
    "/tank/vm": "local",
    "/mnt/broken": "local",
  });
});

Deno.test("chooseFileSystems takes btrfs subvolumes for one file system when their source is the same", () => {
  assert.deepEqual(chosen("laptop_luks"), {
    "/": "local",
    "/boot/efi": "local",
    "/run/media/mia/Café": "virtual",
  });
});

Deno.test("chooseFileSystems keeps an overlay at / and a bound volume, not single files, when it reads a container", () => {
  assert.deepEqual(chosen("docker_container"), { "/": "virtual", "/var/lib/postgresql/data": "local" });
});

Deno.test("chooseFileSystems gives the one disk when it reads a small virtual machine", () => {
  assert.deepEqual(chosen("firecracker_vm"), { "/": "local" });
});

Deno.test("chooseFileSystems prefers the whole file system to a bind mount of a part when that has a shorter path", () => {
  const mounts = parseMountinfo(
    "1 0 8:1 /data /d rw - ext4 /dev/sda1 rw\n2 0 8:1 / /mnt/long rw - ext4 /dev/sda1 rw\n" +
      "3 0 8:1 / /mnt/longer rw - ext4 /dev/sda1 rw\n",
  );
  assert.deepEqual(chooseFileSystems(mounts).map((entry) => entry.mountpoint), ["/mnt/long"]);
  const ostree = parseMountinfo(
    "1 0 8:1 / /sysroot rw - ext4 /dev/sda1 rw\n2 0 8:1 /ostree/deploy / rw - ext4 /dev/sda1 rw\n",
  );
  assert.deepEqual(chooseFileSystems(ostree).map((entry) => entry.mountpoint), ["/"]);
});

const backings: readonly [fstype: string, mountpoint: string, expected: ReturnType<typeof backingOf>][] = [
  ["ext4", "/var/lib/docker", "local"],
  ["ext4", "/var/lib/docker/volumes", "local"],
  ["btrfs", "/var/lib/docker/btrfs", undefined],
  ["xfs", "/run/media/ana/stick", "local"],
  ["virtiofs", "/mnt", "virtual"],
  ["fuse.mergerfs", "/pool", "virtual"],
  ["fuse.lxcfs", "/var/lib/lxcfs", undefined],
  ["fuse.Obsidian.AppImage", "/tmp/x", undefined],
  ["overlay", "/merged", undefined],
  ["tmpfs", "/tmp", undefined],
  ["ext4", "/etc/hosts", undefined],
  ["ext4", "/snapshots", "local"],
];
for (const [fstype, mountpoint, expected] of backings) {
  Deno.test(`backingOf says ${expected ?? "nothing"} of ${fstype} on ${mountpoint}`, () => {
    assert.equal(backingOf({ fstype, mountpoint }), expected);
  });
}

Deno.test("isReadOnly is true when the mount, the file system or an error says so", () => {
  assert.equal(isReadOnly({ options: ["rw"], superOptions: ["rw", "errors=remount-ro"] }), false);
  assert.equal(isReadOnly({ options: ["ro"], superOptions: ["rw"] }), true);
  assert.equal(isReadOnly({ options: ["rw"], superOptions: ["ro"] }), true);
  assert.equal(isReadOnly({ options: ["rw"], superOptions: ["rw", "emergency_ro"] }), true);
});
