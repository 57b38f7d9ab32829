/**
 * Flatpak applications of the whole system: `/var/lib/flatpak/app/<id>/current` is a link to `<architecture>/<branch>`, whose `active`
 * is a link to what is deployed. The version is in the AppStream file that the application brings, where it brings one.
 */
import { exists, readLink } from "../../lib/host_fs.ts";
import { addPackage, changedSeconds, namesIn, type PackageSource, readStart } from "./package.ts";

const folder = "/var/lib/flatpak/app";
const maxFileBytes = 65_536;

/** flatpak. */
export const flatpak: PackageSource = {
  name: "flatpak",
  isPresent: (fs) => exists(fs.root(folder)),
  async read(fs, inventory) {
    for (const id of await namesIn(fs.root(folder))) {
      const current = fs.root(`${folder}/${id}/current`);
      const metadata = await readStart(`${current}/active/metadata`, maxFileBytes);
      const name = /^name=(.+)$/m.exec(metadata ?? "")?.[1]?.trim();
      addPackage(inventory, {
        source: "flatpak",
        name,
        version: name === undefined ? undefined : await versionOf(`${current}/active/files/share`, name),
        architecture: readLink(current)?.split("/").at(-2),
        installedSeconds: changedSeconds(`${current}/active`),
      });
    }
  },
};

/** Version of the newest release in `<id>.metainfo.xml` or `<id>.appdata.xml`: it stands first (AppStream specification). */
async function versionOf(share: string, id: string): Promise<string | undefined> {
  for (
    const file of [`metainfo/${id}.metainfo.xml`, `metainfo/${id}.appdata.xml`, `appdata/${id}.appdata.xml`]
  ) {
    if (id.includes("/")) return undefined;
    const version = /<release\s[^>]*\bversion="([^"]+)"/.exec(
      await readStart(`${share}/${file}`, maxFileBytes) ?? "",
    );
    if (version !== null) return version[1];
  }
  return undefined;
}
