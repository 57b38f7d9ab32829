import assert from "node:assert/strict";
import { hostFs } from "../../lib/host_fs.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import { tcpStatesReader } from "./tcp_states.ts";

Deno.test("tcpStatesReader never asks this kernel when the host's trees are elsewhere", () => {
  const reader = tcpStatesReader(fixtureHost("many_interfaces"), () => assert.fail("asked this kernel"));
  assert.equal(reader.read().established, 6);
  reader.close();
});

Deno.test("tcpStatesReader adds connection requests to syn_recv when the kernel tells them apart", () => {
  const host = { os: "linux", fs: hostFs(), clock: fakeClock() } as const;
  const reader = tcpStatesReader(host, (counts) => counts.set([0, 9, 1, 2, 0, 0, 0, 0, 0, 0, 4, 0, 5]));
  const { established, syn_recv, listen, closing } = reader.read();
  assert.deepEqual({ established, syn_recv, listen, closing }, {
    established: 9,
    syn_recv: 7,
    listen: 4,
    closing: 0,
  });
  reader.close();
});

Deno.test("tcpStatesReader reads the text tables from then on when the kernel refuses once", () => {
  const { fs, clock } = fixtureHost("many_interfaces");
  let asked = 0;
  const reader = tcpStatesReader({ os: "linux", fs: { ...fs, redirected: false }, clock }, () => {
    asked++;
    throw new Error("Cannot list TCP sockets over netlink");
  });
  assert.equal(reader.read().time_wait, 7);
  assert.equal(reader.read().time_wait, 7);
  assert.equal(asked, 1);
  reader.close();
});
