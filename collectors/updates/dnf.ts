/** Fedora, Red Hat and their children: `dnf` from its cache (`-C`), versions 4 and 5. */
import { clip } from "../../lib/text.ts";
import { ask, countSecurity, type PackageManager, type Update } from "./manager.ts";

/** What `check-update` exits with when there are updates. */
const updatesExist = 100;

/** dnf. */
export const dnf: PackageManager = {
  name: "dnf",
  program: "dnf",
  evidence: "/etc/dnf",
  refreshed: ["/var/cache/dnf", "/var/cache/libdnf5"],
  async pending(run) {
    const listed = parseDnfUpdates(await ask(run, ["dnf", "-C", "-q", "check-update"], [0, updatesExist]));
    if (listed.length === 0) return { updates: [], securityPending: 0 };
    const advisories = parseDnfAdvisories(
      await ask(run, ["dnf", "-C", "-q", "updateinfo", "list", "--security"]),
    );
    const updates = listed.map((update) => ({ ...update, security: advisories.has(packageNameOf(update)) }));
    return { updates, securityPending: countSecurity(updates) };
  },
};

/** Lines `name.architecture  [epoch:]version-release  repository`. What follows the heading of obsoleting packages is not an update. */
export function parseDnfUpdates(text: string): Update[] {
  const [updates = ""] = text.split(/^Obsoleting [Pp]ackages/m);
  return [...updates.matchAll(/^(\S+)\.([^.\s]+)[ \t]+(\S+-\S+)[ \t]+(\S+)[ \t]*$/gm)].map(
    ([, name = "", architecture = "", version = "", repository = ""]) => ({
      name: clip(name),
      available_version: clip(version),
      architecture: clip(architecture),
      origin: clip(repository),
    }),
  );
}

/** Packages `name-version-release.architecture` that stand anywhere in the list of advisories. */
export function parseDnfAdvisories(text: string): Set<string> {
  return new Set(
    text.split(/\s+/).filter((word) => /^\S+-[^-\s]+-[^-\s]+\.[^.\s]+$/.test(word)).map(withoutEpoch),
  );
}

function packageNameOf({ name, available_version, architecture }: Update): string {
  return withoutEpoch(`${name}-${available_version}.${architecture}`);
}

/** Lists of advisories leave out an epoch of 0, or every one. */
function withoutEpoch(name: string): string {
  return name.replace(/-\d+:(?=[^-]+-[^-]+$)/, "-");
}
