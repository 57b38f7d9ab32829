/** Volumes of several devices: md arrays, ZFS pools, btrfs file systems. */
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { btrfsFileSystems } from "./btrfs.ts";
import { linuxRaid } from "./linux.ts";
import { mdArrays } from "./md.ts";
import { zfsPools } from "./zfs.ts";

/** The `raid` collector. Its deadline is beyond the 11 s that `zpool` has to answer. */
export const raidDefinition: CollectorDefinition = {
  name: "raid",
  summary: "State, missing devices, resync and errors of md arrays, ZFS pools and btrfs file systems",
  types: ["raid_list"],
  intervalSeconds: 60,
  deadlineMs: 15_000,
  detect,
  create: (host) => linuxRaid(host),
};

function detect(host: Host): Availability {
  const linux = linuxOnly(host);
  if (linux.status !== "available") return linux;
  const { fs } = host;
  if (mdArrays(fs).length > 0 || zfsPools(fs).size > 0 || btrfsFileSystems(fs).length > 0) return linux;
  return {
    status: "unsupported",
    reason: "this host has no md array, no ZFS pool and no mounted btrfs file system",
  };
}
