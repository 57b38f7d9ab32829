/** The figures that a list of hosts shows, from the newest envelopes of a host. */
import type { HostFigures } from "../protocol/api.ts";
import type { Envelope } from "../protocol/envelope.ts";
import type { MetricData } from "../protocol/metrics/mod.ts";
import { ratePerSecond } from "./rates.ts";

/** Images are full by nature: they are never the file system that fills up. */
const imageFileSystems = new Set(["squashfs", "iso9660", "udf", "erofs", "cramfs"]);

/** Interfaces that others already count, by the names that Linux tools give them: for agents that do not say so (v1). */
const virtualName =
  /^(lo\d*|docker\d*|veth.*|br-.*|virbr.*|vnet.*|cni.*|flannel.*|cali.*|tun\d*|tap\d*|wg\d*|dummy\d*|bond\d+\..*)$/;

/** True for an interface whose traffic no other interface counts. */
function isPhysical(network: MetricData<"network">): boolean {
  return !(network.virtual ?? virtualName.test(network.interface));
}

/** Traffic of one interface. */
export interface InterfaceTraffic {
  /** Of the reading, Unix milliseconds. */
  readonly atMs: number;
  readonly physical: boolean;
  readonly receivedBytes: number | undefined;
  readonly transmittedBytes: number | undefined;
  /** Bytes per second, `undefined` where there is no rate. */
  readonly receiveRate: number | undefined;
  readonly transmitRate: number | undefined;
}

/** Traffic of an interface at a reading, with rates since the reading before. */
export function trafficOf(
  network: MetricData<"network">,
  atMs: number,
  previous: InterfaceTraffic | undefined,
): InterfaceTraffic {
  const rate = (before: number | undefined, now: number | undefined) =>
    previous === undefined || before === undefined || now === undefined
      ? undefined
      : ratePerSecond({ atMs: previous.atMs, value: before }, { atMs, value: now });
  return {
    atMs,
    physical: isPhysical(network),
    receivedBytes: network.rx_bytes,
    transmittedBytes: network.tx_bytes,
    receiveRate: rate(previous?.receivedBytes, network.rx_bytes),
    transmitRate: rate(previous?.transmittedBytes, network.tx_bytes),
  };
}

/** An interface not heard of for this long beside its newest sibling is gone. */
const interfaceGoneMs = 60_000;

/** The figures of a host. */
export function figuresOf(
  latest: Iterable<Envelope>,
  traffic: ReadonlyMap<string, InterfaceTraffic>,
): HostFigures {
  const figures: HostFigures = {};
  const disks: MetricData<"disk">[] = [];
  for (const envelope of latest) {
    if (envelope.type === "cpu") {
      assign(figures, "cpu_percent", envelope.data.usage);
      assign(figures, "load_1m", envelope.data.load_1m);
    } else if (envelope.type === "memory") assign(figures, "memory_percent", memoryPercent(envelope.data));
    else if (envelope.type === "system") assign(figures, "uptime_seconds", envelope.data.uptime);
    else if (envelope.type === "disk_list") disks.push(...envelope.data.disks);
    else if (envelope.type === "disk") disks.push(envelope.data);
  }
  for (const disk of disks) {
    const percent = disk.disk_used_pct;
    if (percent === undefined || imageFileSystems.has(disk.filesystem ?? "")) continue;
    if (percent <= (figures.disk_percent ?? -1)) continue;
    figures.disk_percent = percent;
    figures.disk_mountpoint = disk.mountpoint;
  }
  const newestMs = Math.max(0, ...[...traffic.values()].map(({ atMs }) => atMs));
  const physical = [...traffic.values()].filter((one) =>
    one.physical && one.atMs >= newestMs - interfaceGoneMs
  );
  assign(figures, "network_receive_bps", bitsPerSecond(physical.map(({ receiveRate }) => receiveRate)));
  assign(figures, "network_transmit_bps", bitsPerSecond(physical.map(({ transmitRate }) => transmitRate)));
  return figures;
}

function memoryPercent(memory: MetricData<"memory">): number | undefined {
  if (memory.ram_used_pct !== undefined) return memory.ram_used_pct;
  const { ram_used: used, ram_total: total } = memory;
  return used === undefined || total === undefined || total <= 0 ? undefined : used * 100 / total;
}

function bitsPerSecond(byteRates: readonly (number | undefined)[]): number | undefined {
  const known = byteRates.filter((rate) => rate !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, rate) => sum + rate, 0) * 8;
}

function assign<Name extends Exclude<keyof HostFigures, "disk_mountpoint">>(
  figures: HostFigures,
  name: Name,
  value: number | undefined,
): void {
  if (value !== undefined) figures[name] = value;
}

/** The interfaces of an envelope that has any; a list is all there are. */
export function interfacesOf(
  envelope: Envelope,
): { readonly complete: boolean; readonly interfaces: readonly MetricData<"network">[] } | undefined {
  if (envelope.type === "network_list") return { complete: true, interfaces: envelope.data.interfaces };
  return envelope.type === "network" ? { complete: false, interfaces: [envelope.data] } : undefined;
}
