/** Packages of Red Hat, SUSE and their children: the database is binary, so `rpm` is asked for it, at its place below the host's root. */
import { exists, type HostFs } from "../../lib/host_fs.ts";
import { outputOf, type RunVendor } from "../vendor_runner.ts";
import { addPackage, type Inventory, type PackageSource } from "./package.ts";

const folders = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];
const databases = ["rpmdb.sqlite", "Packages.db", "Packages"];

/** Tags of rpm(8), separated by tabs; the epoch only where there is one, as `rpm -q` does not print it and versions need it. */
const format = String
  .raw`%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{VENDOR}\t%{ARCH}\t%{INSTALLTIME}\n`;

/** rpm, through its program. */
export function rpmSource(run: RunVendor): PackageSource {
  return {
    name: "rpm",
    isPresent: (fs) => databaseFolder(fs) !== undefined,
    async read(fs, inventory) {
      const folder = fs.root(databaseFolder(fs) ?? "");
      const outcome = await run(["rpm", "--dbpath", folder, "-qa", "--qf", format], { deadlineMs: 60_000 });
      const output = outputOf("rpm", outcome);
      if (output.text === undefined) {
        throw new Error(`Cannot read the database in ${folder}: ${output.reason}`);
      }
      parseRpm(output.text, inventory);
    },
  };
}

function databaseFolder(fs: HostFs): string | undefined {
  return folders.find((folder) => databases.some((name) => exists(fs.root(`${folder}/${name}`))));
}

/** Parses what `rpm -qa` prints in our format. Keys that packages are signed with stand among the packages and are left out. */
function parseRpm(text: string, inventory: Inventory): void {
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [name, version, vendor, architecture, installed, ...more] = line.split("\t");
    if (name === "gpg-pubkey") continue;
    if (installed === undefined || more.length > 0) {
      inventory.skip();
      continue;
    }
    const known = (value: string | undefined) => value === "(none)" ? undefined : value;
    addPackage(inventory, {
      source: "rpm",
      name,
      version: known(version),
      vendor: known(vendor),
      architecture: known(architecture),
      installedSeconds: Number(installed),
    });
  }
}
