/** Packages of Alpine: the installed database (apk-v2(5)), stanzas with one-letter keys. */
import { exists } from "../../lib/host_fs.ts";
import { addPackage, type PackageSource, withoutAddress } from "./package.ts";
import { readStanzas } from "./stanzas.ts";

const paths = ["/usr/lib/apk/db/installed", "/lib/apk/db/installed"];
const keys = new Set(["P", "V", "A", "m"]);

/** apk: it does not note when a package was installed. */
export const apk: PackageSource = {
  name: "apk",
  isPresent: (fs) => paths.some((path) => exists(fs.root(path))),
  async read(fs, inventory) {
    const path = paths.find((path) => exists(fs.root(path))) ?? paths[0] ?? "";
    await readStanzas(fs.root(path), keys, (stanza) =>
      addPackage(inventory, {
        source: "apk",
        name: stanza.get("P"),
        version: stanza.get("V"),
        vendor: withoutAddress(stanza.get("m")),
        architecture: stanza.get("A"),
      }));
  },
};
