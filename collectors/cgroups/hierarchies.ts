/**
 * Where control groups are mounted (cgroups(7)).
 *
 * Version 2 has one hierarchy for everything. Version 1 has one for each controller or several together (`cpu,cpuacct`). Hybrid systems have
 * version 1 and beside it an empty unified hierarchy of systemd's; it still tells processor times and pressure.
 */
import { type HostFs, readText } from "../../lib/host_fs.ts";
import { type Mount, parseMountinfo } from "../../lib/mountinfo.ts";

/** Controllers of version 1 that are read. */
export const controllers = ["cpu", "cpuacct", "memory", "blkio", "pids"] as const;

/** One of {@linkcode controllers}. */
export type Controller = (typeof controllers)[number];

/** The mounts of a host. Folders are paths that can be opened. */
export interface Hierarchies {
  readonly version: "v1" | "v2" | "hybrid";
  /** Folder of the unified hierarchy. */
  readonly unified?: string;
  /** Folders of controllers in version 1. Those mounted together have the same one. */
  readonly v1: { readonly [C in Controller]?: string };
}

/** Finds the mounts; `undefined` where there are none. */
export function findHierarchies(fs: HostFs): Hierarchies | undefined {
  // Paths are opened by this process, so its own mounts count, except in a tree that was captured or mounted from elsewhere.
  const path = fs.redirected ? fs.procInit("mountinfo") : fs.proc("self/mountinfo");
  return hierarchiesOf(parseMountinfo(readText(path) ?? ""), fs);
}

function hierarchiesOf(mounts: readonly Mount[], fs: HostFs): Hierarchies | undefined {
  let unified: string | undefined;
  const v1: { [C in Controller]?: string } = {};
  for (const { fstype, mountpoint, superOptions } of mounts) {
    const belowSys = /^\/sys\/(.+)$/.exec(mountpoint)?.[1];
    const folder = belowSys === undefined ? fs.root(mountpoint) : fs.sys(belowSys);
    if (fstype === "cgroup2") unified ??= folder;
    if (fstype !== "cgroup") continue;
    for (const controller of controllers) {
      if (superOptions.includes(controller)) v1[controller] ??= folder;
    }
  }
  const hasV1 = Object.keys(v1).length > 0;
  if (unified === undefined) return hasV1 ? { version: "v1", v1 } : undefined;
  return { version: hasV1 ? "hybrid" : "v2", unified, v1 };
}
