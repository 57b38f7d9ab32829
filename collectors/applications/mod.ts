/** Installed applications. */
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { vendorRunner } from "../vendor_runner.ts";
import { linuxApplications, packageSources } from "./linux.ts";

/** The `applications` collector: once at start and once a day. */
export const applicationsDefinition: CollectorDefinition = {
  name: "applications",
  summary: "Installed packages (dpkg, rpm, apk, pacman, snap, flatpak) with version, vendor and install date",
  types: ["application_list"],
  intervalSeconds: 86_400,
  deadlineMs: 90_000,
  detect,
  create: (host) => linuxApplications(host),
};

function detect(host: Host): Availability {
  const linux = linuxOnly(host);
  if (linux.status !== "available") return linux;
  if (packageSources(vendorRunner(host.clock)).some((source) => source.isPresent(host.fs))) return linux;
  const reason = "no package database of dpkg, rpm, apk, pacman, snap or flatpak is to be read here";
  return { status: "unsupported", reason };
}
