import assert from "node:assert/strict";
import { parseApkUpdates } from "./apk.ts";
import { parseAptSimulation } from "./apt.ts";
import { parseDnfAdvisories, parseDnfUpdates } from "./dnf.ts";
import { parsePacmanUpdates } from "./pacman.ts";
import { parseZypperUpdates, tableRows } from "./zypper.ts";

Deno.test("parseAptSimulation lists upgrades with their origins, and no new dependencies", () => {
  const text = Deno.readTextFileSync(new URL("../../tests/fixtures/updates/apt.txt", import.meta.url));
  const updates = parseAptSimulation(text);
  assert.deepEqual(updates.find(({ name }) => name === "libgcrypt20"), {
    name: "libgcrypt20",
    version: "1.10.1-3",
    available_version: "1.10.1-3+deb12u1",
    architecture: "amd64",
    origin: "Debian:12.15/oldstable, Debian-Security:12/oldstable-security",
    security: true,
  });
  assert.equal(updates.find(({ name }) => name === "appstream")?.security, false);
  assert.equal(updates.find(({ name }) => name.startsWith("linux-image")), undefined);
  assert.deepEqual(updates.at(-1), {
    name: "local-tool",
    version: "1.0",
    available_version: "1.1",
    architecture: "all",
    origin: "localhost",
    security: false,
  });
});

const dnfUpdates = `
bind-libs.x86_64                32:9.16.23-18.el9_4.6          appstream
kernel.x86_64                   5.14.0-503.15.1.el9_5          baseos
python3.11-libs.x86_64          3.11.9-7.el9_5.1               appstream
Obsoleting Packages
grub2-tools.x86_64              1:2.06-94.el9                  baseos
    grub2-tools.x86_64          1:2.06-70.el9                  @baseos
`;

Deno.test("parseDnfUpdates lists packages and leaves out what only obsoletes", () => {
  assert.deepEqual(
    parseDnfUpdates(dnfUpdates).map(({ name, available_version, architecture, origin }) =>
      [name, available_version, architecture, origin].join(" ")
    ),
    [
      "bind-libs 32:9.16.23-18.el9_4.6 x86_64 appstream",
      "kernel 5.14.0-503.15.1.el9_5 x86_64 baseos",
      "python3.11-libs 3.11.9-7.el9_5.1 x86_64 appstream",
    ],
  );
});

Deno.test("parseDnfAdvisories finds packages in the lists of dnf 4 and dnf 5", () => {
  const four = "RHSA-2024:11250 Important/Sec. python3.11-libs-3.11.9-7.el9_5.1.x86_64\n" +
    "RHSA-2024:9605  Moderate/Sec.  bind-libs-32:9.16.23-18.el9_4.6.x86_64\n";
  const five = "Name                   Type     Severity  Package                            Issued\n" +
    "FEDORA-2024-2f6c5bd3a5 security Important kernel-6.11.5-300.fc41.x86_64 2024-10-28 02:11:33\n";
  assert.deepEqual([...parseDnfAdvisories(four)], [
    "python3.11-libs-3.11.9-7.el9_5.1.x86_64",
    "bind-libs-9.16.23-18.el9_4.6.x86_64",
  ]);
  assert.deepEqual([...parseDnfAdvisories(five)], ["kernel-6.11.5-300.fc41.x86_64"]);
});

Deno.test("parseZypperUpdates reads the table by its titles", () => {
  const text = "S | Repository | Name    | Current Version | Available Version | Arch\n" +
    "--+------------+---------+-----------------+-------------------+-------\n" +
    "v | repo-update| openssl | 3.1.4-150600.2  | 3.1.4-150600.5    | x86_64\n";
  assert.deepEqual(parseZypperUpdates(text), [{
    name: "openssl",
    version: "3.1.4-150600.2",
    available_version: "3.1.4-150600.5",
    architecture: "x86_64",
    origin: "repo-update",
  }]);
  assert.deepEqual(tableRows("No updates found.\n"), []);
});

Deno.test("parsePacmanUpdates and parseApkUpdates read a line for each package", () => {
  assert.deepEqual(parsePacmanUpdates("linux 6.11.5.arch1-1 -> 6.11.6.arch1-1\nfoo 1-1 -> 2-1 [ignored]\n"), [
    { name: "linux", version: "6.11.5.arch1-1", available_version: "6.11.6.arch1-1" },
    { name: "foo", version: "1-1", available_version: "2-1" },
  ]);
  const apk = "Installed:                                Available:\n" +
    "ca-certificates-bundle-20240226-r0      < 20240705-r0 \nlibcrypto3-3.3.1-r0                     < 3.3.2-r1 \n";
  assert.deepEqual(parseApkUpdates(apk), [
    { name: "ca-certificates-bundle", version: "20240226-r0", available_version: "20240705-r0" },
    { name: "libcrypto3", version: "3.3.1-r0", available_version: "3.3.2-r1" },
  ]);
});
