/** Snaps: `/snap/<name>/current/meta/snap.yaml`. snapd's own state is for root only. */
import { exists } from "../../lib/host_fs.ts";
import { addPackage, changedSeconds, namesIn, type PackageSource, readStart } from "./package.ts";

const folders = ["/snap", "/var/lib/snapd/snap"];
const maxYamlBytes = 65_536;

/** snap. */
export const snap: PackageSource = {
  name: "snap",
  isPresent: (fs) => folders.some((folder) => exists(fs.root(folder))),
  async read(fs, inventory) {
    const folder = fs.root(folders.find((path) => exists(fs.root(path))) ?? "");
    for (const name of await namesIn(folder)) {
      const current = `${folder}/${name}/current`;
      const installed = changedSeconds(current);
      if (installed === undefined) continue; // `bin` and the README.
      const fields = parseSnapYaml(await readStart(`${current}/meta/snap.yaml`, maxYamlBytes) ?? "");
      addPackage(inventory, { source: "snap", ...fields, installedSeconds: installed });
    }
  },
};

/** The scalars of `snap.yaml` that are needed: at its top level, plain or quoted. */
export function parseSnapYaml(text: string): { name: string | undefined; version: string | undefined } {
  const scalar = (key: string) =>
    new RegExp(`^${key}:[ \\t]*(?:'([^'\\n]*)'|"([^"\\n]*)"|([^\\s#][^\\n]*?))[ \\t]*$`, "m").exec(text)
      ?.slice(1)
      .find((value) => value !== undefined);
  return { name: scalar("name"), version: scalar("version") };
}
