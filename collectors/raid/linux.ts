/** Reads the multi-device volumes of a Linux host. */
import type { Collector, Host } from "../collector.ts";
import { type RunVendor, vendorRunner } from "../vendor_runner.ts";
import { btrfsFileSystems, readBtrfsFileSystems } from "./btrfs.ts";
import { mdArrays, readMdArrays } from "./md.ts";
import { readZfsPools, zfsPools } from "./zfs.ts";

/** Volumes of each kind beyond it are not read. */
const maxVolumes = 256;

/** `raid_list` from sysfs, ZFS's kstats and, where they are this machine's, `zpool`. */
export function linuxRaid(
  host: Host,
  run: RunVendor | undefined = host.fs.redirected ? undefined : vendorRunner(host.clock),
): Collector {
  return {
    async collect() {
      const pools = new Map([...zfsPools(host.fs)].slice(0, maxVolumes));
      const volumes = [
        ...readMdArrays(host.fs, mdArrays(host.fs).slice(0, maxVolumes)),
        ...await readZfsPools(pools, run),
        ...readBtrfsFileSystems(host.fs, btrfsFileSystems(host.fs).slice(0, maxVolumes)),
      ];
      return [{ type: "raid_list", data: { volumes } }];
    },
  };
}
