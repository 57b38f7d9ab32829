/** Lists what is installed on a Linux host. */
import { errorChain } from "../../lib/log.ts";
import { clip } from "../../lib/text.ts";
import { limits } from "../../protocol/limits.ts";
import type { Collector, Host } from "../collector.ts";
import { type RunVendor, vendorRunner } from "../vendor_runner.ts";
import { apk } from "./apk.ts";
import { dpkg } from "./dpkg.ts";
import { flatpak } from "./flatpak.ts";
import type { Application, PackageSource } from "./package.ts";
import { pacman } from "./pacman.ts";
import { rpmSource } from "./rpm.ts";
import { snap } from "./snap.ts";

/** Every kind of package database that is read. */
export function packageSources(run: RunVendor): PackageSource[] {
  return [dpkg, rpmSource(run), apk, pacman, snap, flatpak];
}

/** `application_list` from every package database that the host has; one that can't be read does not keep the others back. */
export function linuxApplications(host: Host, run: RunVendor = vendorRunner(host.clock)): Collector {
  const sources = packageSources(run);
  return {
    async collect() {
      const applications: Application[] = [];
      const problems: string[] = [];
      let installed = 0;
      let skipped = 0;
      const inventory = {
        add(application: Application) {
          installed++;
          if (applications.length < limits.listLength) applications.push(application);
        },
        skip: () => void skipped++,
      };
      for (const source of sources.filter((source) => source.isPresent(host.fs))) {
        try {
          await source.read(host.fs, inventory);
        } catch (error) {
          problems.push(clip(`${source.name}: ${errorChain(error)}`, 4096));
        }
      }
      return [{
        type: "application_list",
        data: { applications, installed, skipped, ...(problems.length === 0 ? {} : { problems }) },
      }];
    },
  };
}
