/** Lists the updates that wait on a Linux host. */
import type { HostFs } from "../../lib/host_fs.ts";
import { maxUpdates } from "../../protocol/metrics/updates.ts";
import type { Collector, Host } from "../collector.ts";
import { hasVendorProgram } from "../vendor_command.ts";
import { type RunVendor, vendorRunner } from "../vendor_runner.ts";
import { apk } from "./apk.ts";
import { apt } from "./apt.ts";
import { dnf } from "./dnf.ts";
import { newestChange, type PackageManager } from "./manager.ts";
import { pacman } from "./pacman.ts";
import { zypper } from "./zypper.ts";

/** Every package manager that is asked. A host is kept by one; SUSE has dnf in its repositories, so zypper comes before it. */
const managers: readonly PackageManager[] = [apt, zypper, dnf, pacman, apk];

/** The package manager that keeps this machine up to date. */
export function managerOf(fs: HostFs, hasProgram = hasVendorProgram): PackageManager | undefined {
  return managers.find(({ program, evidence }) =>
    hasProgram(program) && newestChange(fs, [evidence]) !== undefined
  );
}

/** `update_list` from the host's package manager. */
export function linuxUpdates(
  host: Host,
  manager: PackageManager | undefined = managerOf(host.fs),
  run: RunVendor = vendorRunner(host.clock),
): Collector {
  return {
    async collect() {
      if (manager === undefined) throw new Error("Cannot list updates: the package manager is gone");
      const { updates, securityPending } = await manager.pending(run);
      const lastRefresh = newestChange(host.fs, manager.refreshed);
      // What closes security holes comes first, so that it is among the listed.
      const urgentFirst = [
        ...updates.filter(({ security }) => security === true),
        ...updates.filter(({ security }) => security !== true),
      ];
      return [{
        type: "update_list",
        data: {
          manager: manager.name,
          pending: updates.length,
          ...(securityPending === undefined ? {} : { security_pending: securityPending }),
          ...(lastRefresh === undefined ? {} : { last_refresh: lastRefresh }),
          updates: urgentFirst.slice(0, maxUpdates),
        },
      }];
    },
  };
}
