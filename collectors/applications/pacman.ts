/** Packages of Arch Linux: `/var/lib/pacman/local/<package>/desc`, blocks of a `%TITLE%` line and its values. */
import { exists } from "../../lib/host_fs.ts";
import { addPackage, namesIn, type PackageSource, readStart, withoutAddress } from "./package.ts";

const folder = "/var/lib/pacman/local";
const maxDescBytes = 65_536;

/** pacman. */
export const pacman: PackageSource = {
  name: "pacman",
  isPresent: (fs) => exists(fs.root(folder)),
  async read(fs, inventory) {
    for (const name of await namesIn(fs.root(folder))) {
      if (name === "ALPM_DB_VERSION") continue;
      const text = await readStart(fs.root(`${folder}/${name}/desc`), maxDescBytes);
      const fields = parseDesc(text ?? "");
      const installed = fields.get("INSTALLDATE");
      addPackage(inventory, {
        source: "pacman",
        name: fields.get("NAME"),
        version: fields.get("VERSION"),
        vendor: withoutAddress(fields.get("PACKAGER")),
        architecture: fields.get("ARCH"),
        installedSeconds: installed === undefined ? undefined : Number(installed),
      });
    }
  },
};

/** First value of each block of a `desc` file. */
function parseDesc(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^%([A-Z0-9]+)%\n([^\n]+)$/gm)].map(([, title = "", value = ""]) => [title, value]),
  );
}
