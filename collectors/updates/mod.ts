/** Updates that wait to be installed. */
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxUpdates, managerOf } from "./linux.ts";

/** The `updates` collector: once at start and once a day. dnf and zypper are asked twice, each within two minutes. */
export const updatesDefinition: CollectorDefinition = {
  name: "updates",
  summary:
    "Pending updates, security ones counted, and when package lists were last refreshed (apt, dnf, zypper, pacman, apk)",
  types: ["update_list"],
  intervalSeconds: 86_400,
  deadlineMs: 250_000,
  detect,
  create: (host) => linuxUpdates(host),
};

function detect(host: Host): Availability {
  const linux = linuxOnly(host);
  if (linux.status !== "available") return linux;
  if (host.fs.redirected) {
    const reason =
      "package managers speak of this machine, not of another root: run the agent on the host itself";
    return { status: "unsupported", reason };
  }
  if (managerOf(host.fs) !== undefined) return linux;
  return { status: "unsupported", reason: "none of apt, zypper, dnf, pacman and apk keeps this host" };
}
