import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Attributes, genericMessages } from "../../ffi/generic_netlink.ts";
import { wifiList } from "../../protocol/metrics/wifi.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { dataOf } from "../../tests/support/measurements.ts";
import type { Host } from "../collector.ts";
import { linuxWifi, type OpenNl80211 } from "./linux.ts";
import { wifiDefinition } from "./mod.ts";
import { linkQuality } from "./nl80211.ts";
import { parseProcWireless } from "./proc_wireless.ts";

/** A captured answer: a station (`wlan1`) and an access point (`wlan0`) of one machine, Linux 6.1, each the other's. */
function captured(name: string): Attributes[] {
  const path = fileURLToPath(new URL(`../../tests/fixtures/nl80211/${name}.bin`, import.meta.url));
  const { messages, isLast } = genericMessages(Deno.readFileSync(path));
  assert.equal(isLast, true);
  return messages;
}

function bytesOfAttribute(type: number, value: readonly number[]): number[] {
  const length = 4 + value.length;
  return [length & 0xff, length >> 8, type, 0, ...value, ...Array(-length & 3).fill(0)];
}

const associated = bytesOfAttribute(9, [1, 0, 0, 0]);
const elements = (ssid: string) => [1, 2, 0x82, 0x84, 0, ssid.length, ...new TextEncoder().encode(ssid)];
const network = (bssid: readonly number[], ssid: string, status = associated): Attributes =>
  new Map([[
    47,
    new Uint8Array([...bytesOfAttribute(1, bssid), ...bytesOfAttribute(6, elements(ssid)), ...status]),
  ]]);

interface Asked {
  readonly commands: number[];
  readonly open: OpenNl80211;
}

function recorded(networks: readonly Attributes[]): Asked {
  const commands: number[] = [];
  const open = () => ({
    dump(command: number, attributes: readonly { bytes: Uint8Array }[] = []) {
      commands.push(command);
      if (command === 5) return captured("interfaces");
      if (command === 32) return [...networks];
      return captured(attributes[0]?.bytes[0] === 4 ? "stations_wlan1" : "stations_wlan0");
    },
    close() {},
  });
  return { commands, open };
}

/** This machine, as far as the paths go: only such a host is asked over netlink. */
function unredirected(host: Host): Host {
  return { ...host, fs: { ...host.fs, redirected: false } };
}

function read(host: Host, open: OpenNl80211) {
  const collector = linuxWifi(host, open);
  return async () => dataOf(await collector.collect(), "wifi_list", wifiList)?.interfaces;
}

Deno.test("linuxWifi reads a station and an access point when the kernel's captured answers are given", async () => {
  using temporary = temporaryHost();
  const { commands, open } = recorded([
    network([2, 0, 0, 0, 9, 9], "Elsewhere"),
    network([2, 0, 0, 0, 0, 0], "TESTNET", bytesOfAttribute(9, [0, 0, 0, 0])),
    network([2, 0, 0, 0, 0, 0], "TESTNET"),
  ]);
  const interfaces = read(unredirected(temporary.host), open);
  assert.deepEqual(await interfaces(), [
    {
      interface: "wlan1",
      mode: "station",
      connected: true,
      ssid: "TESTNET",
      bssid: "02:00:00:00:00:00",
      frequency_ghz: 2.437,
      tx_power_dbm: 20,
      signal_dbm: -30,
      signal_avg_dbm: -30,
      link_quality: 70,
      bitrate_mbps: 6,
      tx_retries: 0,
      tx_failed: 0,
      beacon_loss: 0,
      connected_seconds: 1,
      inactive_seconds: 0.704,
    },
    {
      interface: "wlan0",
      mode: "ap",
      ssid: "TESTNET",
      frequency_ghz: 2.437,
      tx_power_dbm: 20,
      stations: 1,
    },
  ]);
  await interfaces();
  assert.deepEqual(commands, [5, 17, 32, 17, 5, 17, 17], "the name of the network is remembered");
});

Deno.test("linuxWifi leaves the name out when the network's elements are cut off, hidden or another's", async () => {
  using temporary = temporaryHost();
  const cut: Attributes = new Map([[
    47,
    new Uint8Array([
      ...bytesOfAttribute(1, [2, 0, 0, 0, 0, 0]),
      ...bytesOfAttribute(6, [1, 200, 1]),
      ...associated,
    ]),
  ]]);
  const hidden = network([2, 0, 0, 0, 0, 0], "\0\0\0");
  for (const networks of [[], [cut], [hidden], [new Map()], [network([2, 0, 0, 0, 9, 9], "Elsewhere")]]) {
    const [station] = await read(unredirected(temporary.host), recorded(networks).open)() ?? [];
    assert.equal(station?.ssid, undefined);
    assert.equal(station?.signal_dbm, -30);
  }
});

const wireless = `Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   53.  -57.  -256        0      0      0     12      0        3
`;

Deno.test("linuxWifi reads the wireless extensions when netlink has no such family, refuses, or is another host's", async () => {
  using temporary = temporaryHost({ "proc/1/net/wireless": wireless });
  const expected = [{ interface: "wlan0", link_quality: 53, signal_dbm: -57, tx_failed: 12, beacon_loss: 3 }];
  const refused: OpenNl80211 = () => {
    throw new Error("socket failed with errno 97");
  };
  assert.deepEqual(await read(unredirected(temporary.host), () => undefined)(), expected);
  assert.deepEqual(await read(unredirected(temporary.host), refused)(), expected);
  assert.deepEqual(await read(temporary.host, refused)(), expected);
  temporary.remove("proc/1/net/wireless");
  assert.throws(() => linuxWifi(unredirected(temporary.host), refused).collect(), /errno 97/);
});

Deno.test("parseProcWireless leaves out a relative level, and lines that are cut off or no interface's", () => {
  const line = " eth1: 0000   5   190   0   0 0 0 0 0 0\n wlan1: 0000\n wlan2\nwlan3: 0000 x. y. z.\n";
  assert.deepEqual(parseProcWireless(line), [
    { interface: "eth1", link_quality: 5, tx_failed: 0, beacon_loss: 0 },
  ]);
  assert.deepEqual(parseProcWireless(""), []);
});

Deno.test("linkQuality is 0 to 70 as the kernel's is", () => {
  assert.deepEqual([-120, -110, -57, -40, -20].map(linkQuality), [0, 0, 53, 70, 70]);
});

Deno.test("wifiDefinition is available when there is a radio or an interface, else unsupported", () => {
  using temporary = temporaryHost({ "proc/1/net/wireless": wireless });
  assert.equal(wifiDefinition.detect(temporary.host).status, "available");
  temporary.remove("proc/1/net/wireless");
  temporary.write("sys/class/ieee80211/phy0/name", "phy0\n");
  assert.equal(wifiDefinition.detect(temporary.host).status, "available");
  assert.equal(wifiDefinition.detect(fixtureHost("firecracker_vm")).status, "unsupported");
});
