/**
 * What the kernel says of wireless interfaces over generic netlink (kernel: `include/uapi/linux/nl80211.h`; numbers are those of its
 * enumerations). Every user may ask. It tells of this process's network namespace.
 */
import { type Attribute, type Attributes, attributesOf, readNumber } from "../../ffi/generic_netlink.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

type Wifi = MetricData<"wifi">;

/** The family, as `openGenericNetlink("nl80211")` gives it. */
export interface Nl80211 {
  dump(command: number, attributes?: readonly Attribute[]): Attributes[];
}

const command = { getInterface: 5, getStation: 17, getScan: 32 } as const;

const attribute = {
  interfaceIndex: 3,
  interfaceName: 4,
  interfaceType: 5,
  mac: 6,
  stationInfo: 21,
  frequencyMhz: 38,
  bss: 47,
  ssid: 52,
  /** In hundredths of a dBm. */
  txPower: 98,
} as const;

const station = {
  inactiveMs: 1,
  signal: 7,
  txBitrate: 8,
  txRetries: 11,
  txFailed: 12,
  signalAverage: 13,
  rxBitrate: 14,
  connectedSeconds: 16,
  beaconLoss: 18,
} as const;

/** In units of 100 kbit/s; the older attribute has 16 bits. */
const rate = { bitrate: 1, bitrate32: 5 } as const;
const bss = { bssid: 1, elements: 6, status: 9 } as const;
const bssAssociated = 1;
/** Information element 0 is the name of the network (IEEE 802.11). */
const elementSsid = 0;

const modes: readonly (string | undefined)[] = [
  undefined,
  "ad-hoc",
  "station",
  "ap",
  "ap-vlan",
  "wds",
  "monitor",
  "mesh",
  "p2p-client",
  "p2p-go",
];

/** Beyond this many the rest is left out. */
const mostInterfaces = 64;

/**
 * Reads every interface that has a name. Where a station's supplicant keeps the name of its network from the kernel, the list of
 * networks heard has it: `ssids` remembers it by access point, as that list is long.
 *
 * @throws When the kernel refuses.
 */
export function readInterfaces(nl80211: Nl80211, ssids: Map<string, string>): Wifi[] {
  return nl80211.dump(command.getInterface).slice(0, mostInterfaces).flatMap((attributes) => {
    const name = textOf(attributes.get(attribute.interfaceName)?.subarray(0, -1)); // It ends with a NUL.
    const index = attributes.get(attribute.interfaceIndex);
    if (name === undefined || index === undefined) return []; // A P2P device has neither.
    const wifi = interfaceOf(name, attributes);
    const ofInterface: Attribute[] = [{ type: attribute.interfaceIndex, bytes: index }];
    const stations = nl80211.dump(command.getStation, ofInterface);
    if (wifi.mode === "ap" || wifi.mode === "p2p-go") wifi.stations = stations.length;
    if (wifi.mode !== "station" && wifi.mode !== "p2p-client") return [wifi];
    const [accessPoint] = stations;
    wifi.connected = accessPoint !== undefined;
    if (accessPoint !== undefined) addAccessPoint(wifi, accessPoint);
    if (wifi.ssid === undefined && wifi.bssid !== undefined) {
      const ssid = ssids.get(wifi.bssid) ?? ssidOf(nl80211.dump(command.getScan, ofInterface), wifi.bssid);
      if (ssid !== undefined) {
        ssids.clear(); // One at a time: a host moves from one access point to the next.
        ssids.set(wifi.bssid, ssid);
        wifi.ssid = ssid;
      }
    }
    return [wifi];
  });
}

function interfaceOf(name: string, attributes: Attributes): Wifi {
  const mode = modes[numberOf(attributes, attribute.interfaceType) ?? 0];
  const ssid = textOf(attributes.get(attribute.ssid));
  const megahertz = numberOf(attributes, attribute.frequencyMhz);
  const txPower = attributes.get(attribute.txPower);
  return {
    interface: name,
    ...(mode === undefined ? {} : { mode }),
    ...(ssid === undefined ? {} : { ssid }),
    ...(megahertz === undefined ? {} : { frequency_ghz: megahertz / 1000 }),
    ...(txPower?.length !== 4 ? {} : { tx_power_dbm: ((readNumber(txPower) ?? 0) | 0) / 100 }),
  };
}

function addAccessPoint(wifi: Wifi, attributes: Attributes): void {
  const bssid = macOf(attributes.get(attribute.mac));
  if (bssid !== undefined) wifi.bssid = bssid;
  const info = attributesOf(attributes.get(attribute.stationInfo) ?? new Uint8Array());
  const signal = signedByte(info.get(station.signal));
  if (signal !== undefined) {
    wifi.signal_dbm = signal;
    wifi.link_quality = linkQuality(signal);
  }
  const average = signedByte(info.get(station.signalAverage));
  if (average !== undefined) wifi.signal_avg_dbm = average;
  const tx = megabits(info.get(station.txBitrate));
  if (tx !== undefined) wifi.bitrate_mbps = tx;
  const rx = megabits(info.get(station.rxBitrate));
  if (rx !== undefined) wifi.rx_bitrate_mbps = rx;
  const retries = numberOf(info, station.txRetries);
  if (retries !== undefined) wifi.tx_retries = retries;
  const failed = numberOf(info, station.txFailed);
  if (failed !== undefined) wifi.tx_failed = failed;
  const beaconLoss = numberOf(info, station.beaconLoss);
  if (beaconLoss !== undefined) wifi.beacon_loss = beaconLoss;
  const connected = numberOf(info, station.connectedSeconds);
  if (connected !== undefined) wifi.connected_seconds = connected;
  const inactive = numberOf(info, station.inactiveMs);
  if (inactive !== undefined) wifi.inactive_seconds = inactive / 1000;
}

/** The scale of the wireless extensions, 0 to 70 (kernel: `cfg80211_wireless_stats` in `net/wireless/wext-compat.c`). */
export function linkQuality(signalDbm: number): number {
  return Math.min(-40, Math.max(-110, signalDbm)) + 110;
}

/** Name of the network that the access point `bssid` serves, by the networks heard. */
function ssidOf(networks: readonly Attributes[], bssid: string): string | undefined {
  for (const network of networks) {
    const heard = attributesOf(network.get(attribute.bss) ?? new Uint8Array());
    if (numberOf(heard, bss.status) !== bssAssociated || macOf(heard.get(bss.bssid)) !== bssid) continue;
    const elements = heard.get(bss.elements) ?? new Uint8Array();
    // Each element: its number, its length, its value.
    for (let at = 0; at + 2 <= elements.length; at += 2 + (elements[at + 1] ?? 0)) {
      if (elements[at] === elementSsid) {
        return textOf(elements.subarray(at + 2, at + 2 + (elements[at + 1] ?? 0)));
      }
    }
  }
  return undefined;
}

function megabits(rateInfo: Uint8Array | undefined): number | undefined {
  if (rateInfo === undefined) return undefined;
  const values = attributesOf(rateInfo);
  const hundredKilobits = numberOf(values, rate.bitrate32) ?? numberOf(values, rate.bitrate);
  return hundredKilobits === undefined ? undefined : hundredKilobits / 10;
}

function numberOf(attributes: Attributes, type: number): number | undefined {
  const bytes = attributes.get(type);
  return bytes === undefined ? undefined : readNumber(bytes);
}

function signedByte(bytes: Uint8Array | undefined): number | undefined {
  const value = bytes?.[0];
  return value === undefined ? undefined : (value << 24) >> 24;
}

/** Names of networks are 32 bytes of anything; a hidden one is empty or of zeros. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.every((byte) => byte === 0)) return undefined;
  return new TextDecoder().decode(bytes.subarray(0, 64));
}

function macOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length !== 6) return undefined;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
