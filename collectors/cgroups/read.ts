/**
 * Reads control groups by their paths: for the walk through all of them, and for whoever knows the path of one (a container, a unit, a
 * virtual machine).
 */
import { type Directory, openDirectory, type VisitEntry } from "../../ffi/directory.ts";
import { textAt } from "../../lib/ascii.ts";
import type { HostFs } from "../../lib/host_fs.ts";
import { identifyCgroup } from "../cgroup_path.ts";
import { type CgroupData, type CgroupLimits, type CountsDevice, setNumber } from "./attributes.ts";
import { type Controller, controllers, type Hierarchies } from "./hierarchies.ts";
import { addV1, limitsV1 } from "./v1.ts";
import { addV2, limitsV2 } from "./v2.ts";

/** Reads groups of one host. */
export interface CgroupReader {
  /**
   * The group at `path`, e.g. `/system.slice/nginx.service`; `undefined` when there is no such group (any more). Counters are raw. What the
   * controllers in use do not tell is absent.
   */
  read(path: string): CgroupData | undefined;
  /** Names of the groups below `path`, at most `most` and one more. */
  children(path: string, most: number): string[];
  /** Forgets limits. They are remembered, because those of a group bound all groups below it; call it after each round of readings. */
  forgetLimits(): void;
}

interface Folders {
  readonly unified?: Directory;
  readonly v1: { readonly [C in Controller]?: Directory };
  readonly all: readonly Directory[];
}

/** Reads groups of the hierarchies of a host. */
export function cgroupReader(hierarchies: Hierarchies, fs: HostFs): CgroupReader {
  const countsDevice = deviceFilter(fs);
  const limits = new Map<string, CgroupLimits>();

  /** The least of the group's limits and those of the groups that it is in. */
  const limitsOf = (path: string, open?: Folders): CgroupLimits => {
    const known = limits.get(path);
    if (known !== undefined) return known;
    const folders = open ?? openFolders(hierarchies, path);
    const own = least(
      folders.unified === undefined ? unlimited : limitsV2(folders.unified),
      limitsV1(folders.v1),
    );
    if (open === undefined) closeAll(folders);
    const effective = path === "/" ? own : least(own, limitsOf(parentOf(path)));
    limits.set(path, effective);
    return effective;
  };

  return {
    read(path) {
      const folders = openFolders(hierarchies, path);
      if (folders.all.length === 0) return undefined;
      try {
        const data = identityOf(path);
        if (folders.unified !== undefined) addV2(data, folders.unified, countsDevice);
        addV1(data, folders.v1, countsDevice); // In hybrid systems the controllers know more than the unified hierarchy.
        const effective = limitsOf(path, folders);
        setNumber(data, "cpu_limit_cores", effective.cpuCores);
        setNumber(data, "memory_limit", effective.memoryBytes);
        setNumber(data, "tasks_limit", effective.tasks);
        return data;
      } finally {
        closeAll(folders);
      }
    },
    children(path, most) {
      const folders = openFolders(hierarchies, path);
      const names = new Set<string>();
      const visit: VisitEntry = (bytes, start, end, isDirectory) => {
        if (isDirectory) names.add(textAt(bytes, start, end));
        return names.size <= most;
      };
      try {
        for (const folder of folders.all) folder.list(visit);
      } finally {
        closeAll(folders);
      }
      return [...names];
    },
    forgetLimits: () => limits.clear(),
  };
}

const unlimited: CgroupLimits = { cpuCores: Infinity, memoryBytes: Infinity, tasks: Infinity };

function least(one: CgroupLimits, other: CgroupLimits): CgroupLimits {
  return {
    cpuCores: Math.min(one.cpuCores, other.cpuCores),
    memoryBytes: Math.min(one.memoryBytes, other.memoryBytes),
    tasks: Math.min(one.tasks, other.tasks),
  };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function identityOf(path: string): CgroupData {
  const { kind, unit, containerId, runtime, machine } = identifyCgroup(path);
  return {
    path,
    kind,
    ...(unit === undefined ? {} : { unit }),
    ...(containerId === undefined ? {} : { container_id: containerId }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(machine === undefined ? {} : { machine }),
  };
}

/** A group need not be in every hierarchy. Controllers that are mounted together share a folder. */
function openFolders({ unified, v1 }: Hierarchies, path: string): Folders {
  const opened = new Map<string, Directory>();
  const open = (mount: string | undefined): Directory | undefined => {
    if (mount === undefined) return undefined;
    const known = opened.get(mount);
    if (known !== undefined) return known;
    const folder = openDirectory(path === "/" ? mount : `${mount}${path}`);
    if (typeof folder === "number") return undefined;
    opened.set(mount, folder);
    return folder;
  };
  const unifiedFolder = open(unified);
  const v1Folders: { [C in Controller]?: Directory } = {};
  for (const controller of controllers) {
    const folder = open(v1[controller]);
    if (folder !== undefined) v1Folders[controller] = folder;
  }
  return {
    ...(unifiedFolder === undefined ? {} : { unified: unifiedFolder }),
    v1: v1Folders,
    all: [...opened.values()],
  };
}

function closeAll({ all }: Folders): void {
  for (const folder of all) folder.close();
}

/** Loop devices: what they read and write is counted for the device that their file is on. */
const loopMajor = "7:";
const mostDevices = 1000;

/** Leaves out devices made of others (LVM, RAID, crypt, multipath): the kernel counts the same traffic for those, too. */
function deviceFilter(fs: HostFs): CountsDevice {
  const known = new Map<string, boolean>();
  return (device) => {
    let counts = known.get(device);
    if (counts === undefined) {
      counts = !device.startsWith(loopMajor) && !hasEntries(fs.sys(`dev/block/${device}/slaves`));
      if (known.size >= mostDevices) known.clear();
      known.set(device, counts);
    }
    return counts;
  };
}

function hasEntries(path: string): boolean {
  try {
    return !Deno.readDirSync(path)[Symbol.iterator]().next().done;
  } catch {
    return false; // Not a stacked device, or no sysfs.
  }
}
