/** Alpine: `apk version` over the indexes that are there (apk-version(8)). It knows nothing of security. */
import { clip } from "../../lib/text.ts";
import { ask, type PackageManager, type Update } from "./manager.ts";

/** apk. */
export const apk: PackageManager = {
  name: "apk",
  program: "apk",
  evidence: "/etc/apk",
  refreshed: ["/var/cache/apk", "/etc/apk/cache"],
  pending: async (run) => ({
    updates: parseApkUpdates(await ask(run, ["apk", "--no-network", "version", "-l", "<"])),
  }),
};

/** Lines `name-1.2.3-r4 < 1.2.3-r5`, under a heading. */
export function parseApkUpdates(text: string): Update[] {
  return [...text.matchAll(/^(\S+?)-(\d\S*-r\d+)\s+<\s+(\S+)/gm)].map((
    [, name = "", version = "", available = ""],
  ) => ({
    name: clip(name),
    version: clip(version),
    available_version: clip(available),
  }));
}
