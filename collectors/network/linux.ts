/** Reads the network interfaces of a Linux host. */
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile } from "../host_file.ts";
import { type InterfaceAttributes, physicalInterfaces, readAttributes } from "./interfaces.ts";
import { column, parseNetDev } from "./parse.ts";

type Interface = MetricData<"network">;

/** How long attributes are believed: on a host with a hundred interfaces they cost a hundred times what the counters do. */
const rememberForMs = 60_000;

/** `network_list` from `/proc/net/dev` of the host's first process and sysfs. */
export function linuxNetwork(host: Host): Collector {
  const file = hostFile(host.fs.procInit("net/dev"));
  const known = new Map<string, InterfaceAttributes>();
  let physical: ReadonlySet<string> = new Set();
  let forgetAt = 0;

  /** Forgets interfaces that are gone, reads the attributes of new ones, and once a minute those of all. */
  function refresh(present: ReadonlySet<string>): void {
    if (host.clock.monotonicMs() >= forgetAt) {
      known.clear();
      forgetAt = host.clock.monotonicMs() + rememberForMs;
    }
    let changed = false;
    for (const name of known.keys()) {
      if (!present.has(name)) changed = known.delete(name) || changed;
    }
    for (const name of present) {
      if (known.has(name)) continue;
      known.set(name, readAttributes(host.fs, name));
      changed = true;
    }
    if (changed) physical = physicalInterfaces(known);
  }

  return {
    collect() {
      const interfaces = file.parse((bytes) => {
        const counters: Interface[] = [];
        parseNetDev(bytes, (name, numbers) => counters.push(countersOf(name, numbers)));
        return counters;
      });
      refresh(new Set(interfaces.map((entry) => entry.interface)));
      for (const entry of interfaces) {
        addAttributes(entry, known.get(entry.interface));
        entry.virtual = !physical.has(entry.interface);
      }
      return [{ type: "network_list", data: { interfaces } }];
    },
    close: () => file.close(),
  };
}

function countersOf(name: string, numbers: Float64Array): Interface {
  const at = (index: number) => numbers[index] ?? 0;
  return {
    interface: name,
    rx_bytes: at(column.rxBytes),
    rx_packets: at(column.rxPackets),
    rx_errors: at(column.rxErrors),
    rx_drops: at(column.rxDrops),
    rx_multicast: at(column.rxMulticast),
    tx_bytes: at(column.txBytes),
    tx_packets: at(column.txPackets),
    tx_errors: at(column.txErrors),
    tx_drops: at(column.txDrops),
    collisions: at(column.collisions),
  };
}

function addAttributes(entry: Interface, attributes: InterfaceAttributes | undefined): void {
  if (attributes === undefined) return;
  const { macAddress, mtuBytes, speedBitsPerSecond, operState, duplex, carrierChanges } = attributes;
  if (macAddress !== undefined) entry.mac_address = macAddress;
  if (mtuBytes !== undefined) entry.mtu = mtuBytes;
  if (speedBitsPerSecond !== undefined) entry.speed = speedBitsPerSecond;
  if (operState !== undefined) entry.oper_state = operState;
  if (duplex !== undefined) entry.duplex = duplex;
  if (carrierChanges !== undefined) entry.carrier_changes = carrierChanges;
}
