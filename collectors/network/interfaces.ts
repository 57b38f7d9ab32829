/**
 * What sysfs says of network interfaces (kernel: `Documentation/ABI/testing/sysfs-class-net`), and which of them count.
 *
 * A host's traffic is the sum over the interfaces that are not `virtual`. Those are the ones with hardware behind them (a `device`
 * link; virtio and other paravirtual cards have one). Everything made of them (bonds, bridges, VLANs, tunnels, containers' ends)
 * carries their traffic once more. So of a bond the members count, not the bond. The exception is a card that is a member of another
 * card (the accelerated path of a cloud's adapter): there the upper one counts both.
 *
 * Where no interface has hardware (in a container, or without sysfs) names decide.
 */
import { basename } from "node:path/posix";
import { exists, type HostFs, readInteger, readLink, readText } from "../../lib/host_fs.ts";

/** Attributes of an interface; absent is what the driver does not know. */
export interface InterfaceAttributes {
  readonly macAddress?: string;
  readonly mtuBytes?: number;
  readonly speedBitsPerSecond?: number;
  readonly operState?: string;
  readonly duplex?: string;
  readonly carrierChanges?: number;
  /** True when hardware is behind it. */
  readonly hasDevice: boolean;
  /** Interface that it is a member of. */
  readonly master?: string;
}

/** Reads the attributes of the interface `name`. */
export function readAttributes(fs: HostFs, name: string): InterfaceAttributes {
  const folder = fs.sys(`class/net/${name}`);
  const macAddress = readText(`${folder}/address`);
  const mtuBytes = readInteger(`${folder}/mtu`);
  const operState = readText(`${folder}/operstate`);
  const duplex = readText(`${folder}/duplex`);
  const carrierChanges = readInteger(`${folder}/carrier_changes`);
  const hasDevice = exists(`${folder}/device`);
  // Tunnels and containers' ends make a speed up.
  const speed = hasDevice || exists(`${folder}/bonding`)
    ? speedOf(readInteger(`${folder}/speed`))
    : undefined;
  const masterLink = readLink(`${folder}/master`);
  const master = masterLink === undefined ? undefined : basename(masterLink);
  return {
    ...(macAddress === undefined || !/[1-9a-f]/.test(macAddress) ? {} : { macAddress }),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
    ...(speed === undefined ? {} : { speedBitsPerSecond: speed }),
    ...(operState === undefined || operState === "" ? {} : { operState }),
    ...(duplex === "full" || duplex === "half" ? { duplex } : {}),
    ...(carrierChanges === undefined ? {} : { carrierChanges }),
    hasDevice,
    ...(master === undefined ? {} : { master }),
  };
}

/** Unknown is -1, 0 (bonds without a link), 65535 or 2^32 - 1, by driver and kernel. */
function speedOf(megabitsPerSecond: number | undefined): number | undefined {
  if (megabitsPerSecond === undefined || megabitsPerSecond <= 0) return undefined;
  return megabitsPerSecond === 0xffff || megabitsPerSecond >= 0x7fffffff
    ? undefined
    : megabitsPerSecond * 1e6;
}

/** Names that programs give to what they make; VLANs have a dot. */
const virtualName =
  /^(lo$|veth|docker|br-|br\d|virbr|vmbr|fw(br|ln|pr)|vnet|tap|tun|wg|ppp|cali|cni|cilium|lxc|lxd|flannel|kube|nodelocaldns|vxlan|vlan|bond|team|dummy|ifb|gre|erspan|sit|ip6|tunl|ovs|podman|tailscale|zt|vmnet|vboxnet)|\./;

/** Names of the interfaces that count, each once. */
export function physicalInterfaces(
  interfaces: ReadonlyMap<string, InterfaceAttributes>,
): ReadonlySet<string> {
  const physical = new Set<string>();
  for (const [name, { hasDevice, master }] of interfaces) {
    const isMemberOfCard = master !== undefined && interfaces.get(master)?.hasDevice === true;
    if (hasDevice && !isMemberOfCard) physical.add(name);
  }
  if (physical.size > 0) return physical;
  return new Set([...interfaces.keys()].filter((name) => !virtualName.test(name)));
}
