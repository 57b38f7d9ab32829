import assert from "node:assert/strict";
import { parseMountinfo, unescapeOctal } from "./mountinfo.ts";

Deno.test("parseMountinfo reads every field when propagation fields are there or not", () => {
  const mounts = parseMountinfo(
    "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n" +
      "25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw\n",
  );
  assert.deepEqual(mounts, [
    {
      id: 36,
      parent: 35,
      major: 98,
      minor: 0,
      root: "/mnt1",
      mountpoint: "/mnt2",
      options: ["rw", "noatime"],
      fstype: "ext3",
      source: "/dev/root",
      superOptions: ["rw", "errors=continue"],
    },
    {
      id: 25,
      parent: 30,
      major: 0,
      minor: 23,
      root: "/",
      mountpoint: "/sys",
      options: ["rw", "nosuid"],
      fstype: "sysfs",
      source: "sysfs",
      superOptions: ["rw"],
    },
  ]);
});

Deno.test("parseMountinfo undoes octal escapes when a mount point has spaces and line feeds", () => {
  const [mount] = parseMountinfo(
    new TextEncoder().encode("1 2 8:1 / /mnt/a\\040b\\012c\\134d rw - ext4 /dev/my\\040disk rw\n"),
  );
  assert.equal(mount?.mountpoint, "/mnt/a b\nc\\d");
  assert.equal(mount?.source, "/dev/my disk");
});

Deno.test("parseMountinfo keeps a mount when its source is empty", () => {
  const [mount] = parseMountinfo("1 2 0:5 / /x rw - tmpfs  rw\n");
  assert.equal(mount?.source, "");
  assert.deepEqual(mount?.superOptions, ["rw"]);
});

Deno.test("parseMountinfo leaves out lines that are cut off or malformed", () => {
  const lines = [
    "",
    "36 35",
    "36 35 98:0 / /mnt rw",
    "x 35 98:0 / /mnt rw - ext4 /dev/a rw",
    "36 35 98 / /m rw - a b c",
  ];
  assert.deepEqual(parseMountinfo(lines.join("\n")), []);
});

Deno.test("unescapeOctal joins escaped bytes when they are one UTF-8 character", () => {
  assert.equal(unescapeOctal("caf\\303\\251"), "café");
  assert.equal(unescapeOctal("back\\slash"), "back\\slash");
});
