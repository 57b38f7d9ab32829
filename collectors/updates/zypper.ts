/** SUSE: `zypper`, told not to refresh (zypper(8)). Which patches close security holes is known; not which package belongs to which. */
import { clip } from "../../lib/text.ts";
import { ask, type PackageManager, type Update } from "./manager.ts";

/** zypper. */
export const zypper: PackageManager = {
  name: "zypper",
  program: "zypper",
  evidence: "/etc/zypp",
  refreshed: ["/var/cache/zypp/solv", "/var/cache/zypp/raw"],
  async pending(run) {
    const options = ["--non-interactive", "--quiet", "--no-refresh"];
    const updates = parseZypperUpdates(await ask(run, ["zypper", ...options, "list-updates"]));
    const patches = tableRows(
      await ask(run, ["zypper", ...options, "list-patches", "--category", "security"]),
    );
    return { updates, securityPending: patches.filter((row) => row.get("Status") === "needed").length };
  },
};

/** Parses the table of `zypper list-updates`. */
export function parseZypperUpdates(text: string): Update[] {
  return tableRows(text).flatMap((row): Update[] => {
    const [name, version] = [row.get("Name"), row.get("Current Version")];
    const [available, architecture, repository] = [
      row.get("Available Version"),
      row.get("Arch"),
      row.get("Repository"),
    ];
    if (name === undefined || available === undefined) return [];
    return [{
      name: clip(name),
      ...(version === undefined ? {} : { version: clip(version) }),
      available_version: clip(available),
      ...(architecture === undefined ? {} : { architecture: clip(architecture) }),
      ...(repository === undefined ? {} : { origin: clip(repository) }),
    }];
  });
}

/** Rows of a table of zypper's, by the titles in its first line; what is not of the table has no such columns. */
export function tableRows(text: string): Map<string, string>[] {
  const lines = text.split("\n").filter((line) => line.includes("|"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const [titles, ...rows] = lines;
  if (titles === undefined) return [];
  return rows.filter((row) => row.length === titles.length)
    .map((row) => new Map(titles.map((title, index) => [title, row[index] ?? ""])));
}
