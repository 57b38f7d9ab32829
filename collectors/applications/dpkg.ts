/** Packages of Debian and its children: `/var/lib/dpkg/status` (dpkg-query(1)). */
import { exists } from "../../lib/host_fs.ts";
import { addPackage, changedSeconds, type PackageSource, withoutAddress } from "./package.ts";
import { readStanzas } from "./stanzas.ts";

const statusPath = "/var/lib/dpkg/status";
const keys = new Set(["Package", "Version", "Architecture", "Maintainer", "Status"]);

/** dpkg: every package whose files are on the disk, whether or not it is configured. */
export const dpkg: PackageSource = {
  name: "dpkg",
  isPresent: (fs) => exists(fs.root(statusPath)),
  read: (fs, inventory) =>
    readStanzas(fs.root(statusPath), keys, (stanza) => {
      const state = stanza.get("Status")?.split(" ")[2];
      if (state === undefined) return inventory.skip();
      if (state === "not-installed" || state === "config-files") return;
      const name = stanza.get("Package");
      const architecture = stanza.get("Architecture");
      addPackage(inventory, {
        source: "dpkg",
        name,
        version: stanza.get("Version"),
        vendor: withoutAddress(stanza.get("Maintainer")),
        architecture,
        installedSeconds: name === undefined ? undefined : installedSeconds(fs.root, name, architecture),
      });
    }),
};

/** dpkg writes a package's list of files when it installs it. Packages that may be there for several architectures have theirs named. */
function installedSeconds(
  root: (path: string) => string,
  name: string,
  architecture: string | undefined,
): number | undefined {
  if (!/^[a-z0-9][a-z0-9+.\-]*$/i.test(name)) return undefined;
  const folder = "/var/lib/dpkg/info";
  return changedSeconds(root(`${folder}/${name}.list`)) ??
    (/^[a-z0-9\-]+$/.test(architecture ?? "")
      ? changedSeconds(root(`${folder}/${name}:${architecture}.list`))
      : undefined);
}
