/** Arch Linux: `pacman -Qu` over the databases that are there (pacman(8)). It knows nothing of security. */
import { clip } from "../../lib/text.ts";
import { ask, type PackageManager, type Update } from "./manager.ts";

/** What it exits with when nothing is to be updated. */
const nothing = 1;

/** pacman. */
export const pacman: PackageManager = {
  name: "pacman",
  program: "pacman",
  evidence: "/var/lib/pacman/local",
  refreshed: ["/var/lib/pacman/sync"],
  pending: async (run) => ({ updates: parsePacmanUpdates(await ask(run, ["pacman", "-Qu"], [0, nothing])) }),
};

/** Lines `name installed -> available`. */
export function parsePacmanUpdates(text: string): Update[] {
  return [...text.matchAll(/^(\S+) (\S+) -> (\S+)/gm)].map(([, name = "", version = "", available = ""]) => ({
    name: clip(name),
    version: clip(version),
    available_version: clip(available),
  }));
}
