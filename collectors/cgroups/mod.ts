/** Control groups: what each slice, service, scope, container and virtual machine uses and waits for. */
import * as z from "zod/mini";
import { type Availability, type Host, withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { findHierarchies } from "./hierarchies.ts";
import { linuxCgroups } from "./linux.ts";

function detect(host: Host): Availability {
  const availability = linuxOnly(host);
  if (availability.status !== "available" || findHierarchies(host.fs) !== undefined) return availability;
  return {
    status: "unsupported",
    reason: "No control groups are mounted; systems without systemd may not need them",
  };
}

/** The `cgroups` collector. */
export const cgroupsDefinition = withSettings({
  name: "cgroups",
  summary:
    "Processor, memory, I/O, tasks, limits, throttling and pressure of each service, slice and container",
  types: ["cgroup_list"],
  intervalSeconds: 15,
  deadlineMs: 5000,
  settings: z.object({
    depth: z._default(z.int().check(z.minimum(1), z.maximum(16)), 4),
    max_groups: z._default(z.int().check(z.minimum(1), z.maximum(5000)), 500),
  }),
  detect,
  create: linuxCgroups,
});
