/** Debian and its children: a simulated `apt-get dist-upgrade` over the lists that are there (apt-get(8)). */
import { clip } from "../../lib/text.ts";
import { ask, countSecurity, type PackageManager, type Update } from "./manager.ts";

/** apt. */
export const apt: PackageManager = {
  name: "apt",
  program: "apt-get",
  evidence: "/var/lib/dpkg/status",
  // Lists carry the server's date; apt itself touches its folders.
  refreshed: [
    "/var/lib/apt/periodic/update-success-stamp",
    "/var/lib/apt/lists",
    "/var/lib/apt/lists/partial",
  ],
  async pending(run) {
    const text = await ask(run, ["apt-get", "-s", "-o", "Debug::NoLocking=true", "dist-upgrade"]);
    const updates = parseAptSimulation(text);
    return { updates, securityPending: countSecurity(updates) };
  },
};

/** `Inst name [installed] (available origin, origin [architecture]) []`; without an installed version it is a new dependency. */
const installLine = /^Inst (\S+) \[([^\]]*)\] \((\S+) ([^()]*?)(?: \[([^\]]*)\])?\)/gm;

/** Parses what `apt-get -s` prints. An update closes a security hole when a security archive offers it, whoever else does. */
export function parseAptSimulation(text: string): Update[] {
  return [...text.matchAll(installLine)].map((
    [, name = "", version = "", available = "", origins = "", architecture],
  ) => ({
    name: clip(name),
    version: clip(version),
    available_version: clip(available),
    ...(architecture === undefined ? {} : { architecture: clip(architecture) }),
    ...(origins === "" ? {} : { origin: clip(origins) }),
    security: /security/i.test(origins),
  }));
}
