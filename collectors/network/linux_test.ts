import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { networkList } from "../../protocol/metrics/network.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Collector, Host } from "../collector.ts";
import { linuxNetwork } from "./linux.ts";

function readOnce(collector: Collector): MetricData<"network">[] {
  const list = z.tuple([z.object({ type: z.literal("network_list"), data: networkList })]);
  return z.parse(list, collector.collect())[0].data.interfaces;
}

function read(host: Host): MetricData<"network">[] {
  const collector = linuxNetwork(host);
  try {
    return readOnce(collector);
  } finally {
    collector.close?.();
  }
}

const heading = "Inter-| Receive | Transmit\n face |bytes packets\n";
const line = (name: string) => `${name.padStart(6)}: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n`;

Deno.test("linuxNetwork reads every counter from its own column", () => {
  using temporary = temporaryHost({ "proc/1/net/dev": heading + line("eth0") });
  assert.deepEqual(read(temporary.host), [{
    interface: "eth0",
    rx_bytes: 1,
    rx_packets: 2,
    rx_errors: 3,
    rx_drops: 4,
    rx_multicast: 8,
    tx_bytes: 9,
    tx_packets: 10,
    tx_errors: 11,
    tx_drops: 12,
    collisions: 14,
    virtual: false,
  }]);
});

Deno.test("linuxNetwork reads all of many interfaces, numbers beside the colon included", () => {
  const interfaces = read(fixtureHost("many_interfaces"));
  assert.equal(interfaces.length, 75);
  assert.equal(interfaces.at(-1)?.interface, "ib0");
  assert.equal(interfaces.at(-1)?.rx_bytes, 2 ** 64);
  const physical = interfaces.filter((entry) => entry.virtual === false).map((entry) => entry.interface);
  assert.deepEqual(physical, ["eno1", "eno2", "wlp3s0", "ib0"]);
});

Deno.test("linuxNetwork reads a captured machine", () => {
  const interfaces = read(fixtureHost("firecracker_vm"));
  assert.deepEqual(interfaces.map((entry) => [entry.interface, entry.virtual]), [
    ["lo", true],
    ["ifb0", true],
    ["ifb1", true],
    ["eth0", false],
  ]);
});

Deno.test("linuxNetwork fills in what sysfs says, and leaves out what the driver does not know", () => {
  using temporary = temporaryHost({
    "proc/1/net/dev": heading + line("lo") + line("eth0") + line("tun0") + line("bond0"),
    "sys/class/net/lo/address": "00:00:00:00:00:00\n",
    "sys/class/net/lo/mtu": "65536\n",
    "sys/class/net/lo/operstate": "unknown\n",
    "sys/class/net/eth0/address": "02:fc:00:00:00:01\n",
    "sys/class/net/eth0/mtu": "1500\n",
    "sys/class/net/eth0/speed": "2500\n",
    "sys/class/net/eth0/duplex": "full\n",
    "sys/class/net/eth0/operstate": "up\n",
    "sys/class/net/eth0/carrier_changes": "2\n",
    "sys/class/net/eth0/device/vendor": "0x8086\n",
    "sys/class/net/tun0/address": "\n",
    "sys/class/net/tun0/speed": "10\n", // Made up by the driver.
    "sys/class/net/tun0/duplex": "unknown\n",
    "sys/class/net/bond0/speed": "20000\n",
    "sys/class/net/bond0/bonding/mode": "802.3ad 4\n",
  });
  const attributes = read(temporary.host).map((entry) => ({
    name: entry.interface,
    mac: entry.mac_address,
    mtu: entry.mtu,
    speed: entry.speed,
    state: entry.oper_state,
    duplex: entry.duplex,
    changes: entry.carrier_changes,
    virtual: entry.virtual,
  }));
  const nothing = { mac: undefined, mtu: undefined, speed: undefined, state: undefined, duplex: undefined };
  assert.deepEqual(attributes, [
    { ...nothing, name: "lo", mtu: 65_536, state: "unknown", changes: undefined, virtual: true },
    {
      name: "eth0",
      mac: "02:fc:00:00:00:01",
      mtu: 1500,
      speed: 2.5e9,
      state: "up",
      duplex: "full",
      changes: 2,
      virtual: false,
    },
    { ...nothing, name: "tun0", changes: undefined, virtual: true },
    { ...nothing, name: "bond0", speed: 20e9, changes: undefined, virtual: true },
  ]);
});

Deno.test("linuxNetwork reads attributes at once for a new interface and after a minute for the others", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({
    "proc/1/net/dev": heading + line("eth0"),
    "sys/class/net/eth0/operstate": "up\n",
    "sys/class/net/eth1/operstate": "up\n",
  }, clock);
  const collector = linuxNetwork(temporary.host);
  const states = () => readOnce(collector).map((entry) => entry.oper_state);
  assert.deepEqual(states(), ["up"]);
  temporary.write("sys/class/net/eth0/operstate", "down\n");
  temporary.write("proc/1/net/dev", heading + line("eth0") + line("eth1"));
  assert.deepEqual(states(), ["up", "up"]);
  await clock.advance(60_000);
  assert.deepEqual(states(), ["down", "up"]);
  temporary.write("proc/1/net/dev", heading + line("eth1"));
  assert.deepEqual(states(), ["up"]);
  collector.close?.();
});

const broken: readonly [what: string, contents: string | undefined, message: RegExp][] = [
  ["is missing", undefined, /Cannot read .*net\/dev/],
  ["is empty", "", /Cannot parse .*net\/dev: it is empty/],
  ["is cut off", heading + line("eth0").trimEnd(), /Cannot parse .*net\/dev: its last line is cut off/],
  [
    "has too few numbers",
    `${heading}  eth0: 1 2 3\n`,
    /Cannot parse .*net\/dev: interface "eth0" has 3 numbers/,
  ],
  [
    "has a line without a name",
    `${heading}1 2 3\n${line("eth0")}`,
    /Cannot parse .*: a line has no interface name/,
  ],
];
for (const [what, contents, message] of broken) {
  Deno.test(`linuxNetwork fails naming the file when net/dev ${what}`, () => {
    using temporary = temporaryHost(contents === undefined ? {} : { "proc/1/net/dev": contents });
    const collector = linuxNetwork(temporary.host);
    assert.throws(() => collector.collect(), message);
    collector.close?.();
  });
}
