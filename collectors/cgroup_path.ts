/**
 * What a control group is, told by its path: systemd, container engines and hypervisors put their names into it.
 *
 * ```
 * /system.slice/nginx.service                                            service
 * /system.slice/docker-<id>.scope, /docker/<id>                          container of docker
 * /machine.slice/libpod-<id>.scope/container                             inside a container of podman
 * /kubepods.slice/kubepods-burstable.slice/…/cri-containerd-<id>.scope   container of containerd
 * /lxc/<name>, /lxc.payload.<name>                                       container of LXC, Incus, Proxmox
 * /machine.slice/machine-qemu\x2d1\x2d<name>.scope, /qemu.slice/<id>.scope   machine of libvirt, Proxmox
 * ```
 *
 * The names are hostile: whoever may create a group chooses them.
 */

/** What a group is for. `group` is any that has no meaning of its own, a sub-group of a service for example. */
export type CgroupKind = "slice" | "service" | "scope" | "container" | "machine" | "group";

/** What a path tells. */
export interface CgroupIdentity {
  readonly kind: CgroupKind;
  /** The innermost systemd service or scope of the host, or the slice when the group is one. */
  readonly unit?: string;
  /** The container that the group is, or is in: 64 hexadecimal digits, LXC's its name. */
  readonly containerId?: string;
  /** `docker`, `podman`, `containerd`, `crio`, `lxc`, `nspawn`; absent where the path does not tell. */
  readonly runtime?: string;
  /** Virtual machine that the group is, or is in: its name with libvirt, its number with Proxmox. */
  readonly machine?: string;
}

type Owner = Pick<CgroupIdentity, "containerId" | "runtime" | "machine">;

const id = "([0-9a-f]{64})";
/** Folders by which container engines without systemd name themselves. */
const engineFolders: ReadonlyMap<string, string> = new Map([
  ["docker", "docker"],
  ["libpod_parent", "podman"],
  ["actions_job", "docker"],
  ["lxc", "lxc"],
]);

/** Names of scopes and folders that are a container; the first group is the id. */
const containerNames: readonly [pattern: RegExp, runtime: string][] = [
  [new RegExp(`^docker-${id}\\.scope$`), "docker"],
  [new RegExp(`^libpod-(?:payload-)?${id}(?:\\.scope)?$`), "podman"],
  [new RegExp(`^(?:cri-containerd|nerdctl|containerd)-${id}\\.scope$`), "containerd"],
  [new RegExp(`^crio-${id}(?:\\.scope)?$`), "crio"],
  [/^lxc\.payload\.(.+)$/, "lxc"],
  [/^lxc@(.+)\.service$/, "lxc"],
  [/^machine-lxc\\x2d\d+\\x2d(.+)\.scope$/, "lxc"],
  [/^systemd-nspawn@(.+)\.service$/, "nspawn"],
];

/** Names of scopes and folders that are a virtual machine; the first group is its name. */
const machineNames: readonly RegExp[] = [
  /^machine-qemu\\x2d\d+\\x2d(.+)\.scope$/,
  /^qemu-\d+-(.+)\.libvirt-qemu$/,
];

/** Tells what the group at `path` is. A path below a container or machine is one of its parts, not a unit of the host. */
export function identifyCgroup(path: string): CgroupIdentity {
  const segments = path.split("/").filter((segment) => segment !== "");
  let unit: string | undefined;
  for (const [index, segment] of segments.entries()) {
    if (/\.(service|scope)$/.test(segment)) unit = segment;
    const owner = ownerOf(segments[index - 1], segment);
    if (owner === undefined) continue;
    const kind = index < segments.length - 1
      ? "group"
      : owner.machine === undefined
      ? "container"
      : "machine";
    return { kind, ...(unit === undefined ? {} : { unit }), ...owner };
  }
  const last = segments.at(-1) ?? "";
  const kind = kindOfUnit(last);
  if (kind === "slice") unit = last;
  return { kind, ...(unit === undefined ? {} : { unit }) };
}

function kindOfUnit(name: string): CgroupKind {
  const suffix = /\.(slice|service|scope)$/.exec(name)?.[1];
  return suffix === "slice" || suffix === "service" || suffix === "scope" ? suffix : "group";
}

function ownerOf(parent: string | undefined, name: string): Owner | undefined {
  for (const [pattern, runtime] of containerNames) {
    const containerId = pattern.exec(name)?.[1];
    if (containerId !== undefined) return { containerId: unescapeUnit(containerId), runtime };
  }
  for (const pattern of machineNames) {
    const machine = pattern.exec(name)?.[1];
    if (machine !== undefined) return { machine: unescapeUnit(machine) };
  }
  return parent === undefined ? undefined : ownerInFolder(parent, name);
}

/** What is only told by the name of the folder that it is in. */
function ownerInFolder(parent: string, name: string): Owner | undefined {
  const runtime = engineFolders.get(parent);
  if (runtime === "lxc") return { containerId: name, runtime };
  if (/^[0-9a-f]{64}$/.test(name)) {
    return { containerId: name, ...(runtime === undefined ? {} : { runtime }) };
  }
  const proxmoxId = parent === "qemu.slice" ? /^(\d+)\.scope$/.exec(name)?.[1] : undefined;
  if (proxmoxId !== undefined) return { machine: proxmoxId };
  const nspawn = parent === "machine.slice" ? /^machine-(.+)\.scope$/.exec(name)?.[1] : undefined;
  return nspawn === undefined ? undefined : { containerId: unescapeUnit(nspawn), runtime: "nspawn" };
}

/** Undoes systemd's escapes (`\x2d` is a hyphen; systemd-escape(1)). */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

/**
 * The group of a process from its `/proc/<pid>/cgroup` (cgroups(7)), lines of `hierarchy:controllers:path`; `undefined` when there is no
 * line. Where several hierarchies are mounted (v1), systemd's own counts, then the one that names most.
 */
export function cgroupOfProcess(text: string): string | undefined {
  let best: string | undefined;
  for (const line of text.split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (path !== "/" && (controllers === "" || controllers === "name=systemd")) return path;
    if (best === undefined || path.length > best.length) best = path;
  }
  return best;
}
