import assert from "node:assert/strict";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import { type InterfaceAttributes, physicalInterfaces, readAttributes } from "./interfaces.ts";

function physical(interfaces: Record<string, InterfaceAttributes>): string[] {
  return [...physicalInterfaces(new Map(Object.entries(interfaces)))];
}
const card: InterfaceAttributes = { hasDevice: true };
const made: InterfaceAttributes = { hasDevice: false };

Deno.test("physicalInterfaces counts the members of a bond, not the bond and what is on it", () => {
  assert.deepEqual(
    physical({
      lo: made,
      eno1: { ...card, master: "bond0" },
      eno2: { ...card, master: "bond0" },
      bond0: made,
      "bond0.20": made,
      br0: made,
      veth1: { ...made, master: "br0" },
    }),
    ["eno1", "eno2"],
  );
});

Deno.test("physicalInterfaces counts the upper card when the lower is its accelerated path", () => {
  assert.deepEqual(physical({ eth0: card, enP1s1: { ...card, master: "eth0" } }), ["eth0"]);
});

Deno.test("physicalInterfaces counts a port of a bridge, not the bridge", () => {
  assert.deepEqual(physical({ eth0: { ...card, master: "vmbr0" }, vmbr0: made, tap100i0: made }), ["eth0"]);
});

Deno.test("physicalInterfaces goes by names when no interface has hardware", () => {
  assert.deepEqual(physical({ lo: made, eth0: made, tun0: made, "eth0.5": made }), ["eth0"]);
  assert.deepEqual(physical({ lo: made, docker0: made }), []);
});

for (const speed of ["-1", "0", "65535", "4294967295", "2147483647", ""]) {
  Deno.test(`readAttributes gives no speed when the driver says ${JSON.stringify(speed)}`, () => {
    using temporary = temporaryHost({
      "sys/class/net/eth0/speed": `${speed}\n`,
      "sys/class/net/eth0/device/x": "",
    });
    assert.deepEqual(readAttributes(temporary.host.fs, "eth0"), { hasDevice: true });
  });
}

Deno.test({
  name: "readAttributes names the interface that it is a member of",
  ignore: Deno.build.os === "windows", // Links need a privilege there.
  fn() {
    using temporary = temporaryHost({
      "sys/class/net/bond0/x": "",
      "sys/class/net/eth0/device/x": "",
    });
    Deno.symlinkSync("../bond0", temporary.host.fs.sys("class/net/eth0/master"));
    assert.deepEqual(readAttributes(temporary.host.fs, "eth0"), { hasDevice: true, master: "bond0" });
  },
});
