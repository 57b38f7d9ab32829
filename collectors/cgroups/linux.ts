/** Reads the control groups of a Linux host. */
import type { Measurement } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { findHierarchies } from "./hierarchies.ts";
import { cgroupReader } from "./read.ts";
import { type WalkBounds, walkCgroups } from "./walk.ts";

/** `cgroup_list` from cgroup file systems, version 2, version 1, or both. */
export function linuxCgroups(host: Host, bounds: WalkBounds): Collector {
  const hierarchies = findHierarchies(host.fs);
  const reader = hierarchies === undefined ? undefined : cgroupReader(hierarchies, host.fs);
  return {
    collect(): Measurement[] {
      if (hierarchies === undefined || reader === undefined) throw new Error("No control groups are mounted");
      try {
        const { groups, truncated } = walkCgroups(reader, bounds);
        return [{ type: "cgroup_list", data: { cgroups: groups, version: hierarchies.version, truncated } }];
      } finally {
        reader.forgetLimits();
      }
    },
  };
}
