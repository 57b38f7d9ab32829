/**
 * Whether the host is a whole machine, a virtual one, or a container: a label for people. The signs are those of systemd-detect-virt(1).
 */
import { exists, type HostFs, readLink, readText } from "../lib/host_fs.ts";
import { parseMountinfo } from "../lib/mountinfo.ts";

/** What `/proc/self/ns/pid` points to in the machine's own process namespace (kernel: PROC_PID_INIT_INO, 0xEFFFFFFC). */
const machinePidNamespace = "pid:[4026531836]";

/**
 * The kind of container whose view the host's figures are (`docker`, `podman`, `lxc`, `wsl` …); `undefined` for a whole machine.
 *
 * A process in the machine's own process namespace sees the whole machine, whatever marks lie about: machines are booted from
 * container images, `/.dockerenv` included.
 */
export function containerView(fs: HostFs): string | undefined {
  if (/-microsoft|wsl/i.test(readText(fs.proc("sys/kernel/osrelease")) ?? "")) return "wsl";
  if (readLink(fs.proc("self/ns/pid")) === machinePidNamespace) return undefined;
  return statedByFirstProcess(fs) ?? markedInRoot(fs) ?? markedInProc(fs);
}

/** The container manager tells the first process in its environment. Only root may read it. */
function statedByFirstProcess(fs: HostFs): string | undefined {
  const variable = readText(fs.proc("1/environ"))?.split("\0").find((entry) =>
    entry.startsWith("container=")
  );
  return labelOf(variable?.slice("container=".length));
}

function markedInRoot(fs: HostFs): string | undefined {
  // With the host's /proc mounted and its root not, the root is that of the container that the agent runs in.
  if (fs.redirected && fs.root("") === "") return undefined;
  const stated = labelOf(readText(fs.root("/run/systemd/container")));
  if (stated !== undefined) return stated;
  if (exists(fs.root("/run/.containerenv"))) return "podman";
  if (exists(fs.root("/.dockerenv"))) return "docker";
  if (exists(fs.root("/run/secrets/kubernetes.io"))) return "kubernetes";
  return undefined;
}

function markedInProc(fs: HostFs): string | undefined {
  // OpenVZ shows `vz` to everybody and `bc` to the machine alone.
  if (exists(fs.proc("vz")) && !exists(fs.proc("bc"))) return "openvz";
  return hasLxcfsMeminfo(fs) ? "lxc" : undefined;
}

/**
 * True when lxcfs has mounted a container's view over `/proc/meminfo`. The mounts that count are those of the process that reads:
 * this one, or in a captured tree the first one.
 */
export function hasLxcfsMeminfo(fs: HostFs): boolean {
  const mountinfo = readText(fs.proc("self/mountinfo")) ?? readText(fs.proc("1/mountinfo")) ?? "";
  return parseMountinfo(mountinfo).some((mount) =>
    mount.fstype === "fuse.lxcfs" && /\/proc\/meminfo$/.test(mount.mountpoint)
  );
}

/** By the maker and product that the firmware names (SMBIOS). */
const makers: readonly [pattern: RegExp, label: string][] = [
  [/Amazon EC2(?!.*\.metal)/, "amazon-ec2"],
  [/Google Compute Engine/, "google-compute-engine"],
  [/Microsoft Corporation.*Virtual Machine/, "hyper-v"],
  [/VMware/, "vmware"],
  [/innotek|VirtualBox/, "virtualbox"],
  [/Parallels/, "parallels"],
  [/BHYVE/i, "bhyve"],
  [/Apple Virtualization/, "apple"],
  [/Xen/, "xen"],
  [/QEMU|KVM|OpenStack|oVirt|RHEV|Nutanix|Alibaba Cloud ECS|DigitalOcean Droplet|Hetzner.*vServer/, "kvm"],
];

/**
 * What the host runs in: a kind of container, else a kind of virtual machine, `vm` where only the processor says that there is a
 * hypervisor; `undefined` on hardware.
 */
export function virtualizationOf(fs: HostFs): string | undefined {
  const container = containerView(fs);
  if (container !== undefined) return container;
  const firmware = ["sys_vendor", "product_name"].map((name) =>
    readText(fs.sys(`class/dmi/id/${name}`)) ?? ""
  );
  const maker = makers.find(([pattern]) => pattern.test(firmware.join(" ")));
  if (maker !== undefined) return maker[1];
  const hypervisor = labelOf(readText(fs.sys("hypervisor/type")));
  if (hypervisor !== undefined) return hypervisor;
  return /^flags\s*:.*\bhypervisor\b/m.test(readText(fs.proc("cpuinfo")) ?? "") ? "vm" : undefined;
}

/** A label that somebody else chose: known characters and length only. */
function labelOf(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  return /^[\w.-]{1,32}$/.test(text) ? text.toLowerCase() : "container";
}
