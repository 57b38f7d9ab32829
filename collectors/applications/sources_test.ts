import assert from "node:assert/strict";
import { fakeVendor } from "../../tests/support/fake_vendor.ts";
import { type TemporaryHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { apk } from "./apk.ts";
import { dpkg } from "./dpkg.ts";
import { flatpak } from "./flatpak.ts";
import type { Application, PackageSource } from "./package.ts";
import { pacman } from "./pacman.ts";
import { rpmSource } from "./rpm.ts";
import { parseSnapYaml, snap } from "./snap.ts";

async function read(source: PackageSource, { host }: TemporaryHost) {
  assert.ok(source.isPresent(host.fs));
  const applications: Application[] = [];
  let skipped = 0;
  await source.read(host.fs, { add: (application) => applications.push(application), skip: () => skipped++ });
  return { applications, skipped };
}

/** Files of a test are from now: only whether there is a date is known. */
function withoutDates(applications: readonly Application[]): unknown[] {
  return applications.map(({ installed_at, ...rest }) => ({ ...rest, dated: installed_at !== undefined }));
}

Deno.test("dpkg lists what is on the disk, in every architecture, and counts bad records", async () => {
  using temporary = temporaryHost({
    "root/var/lib/dpkg/status":
      "Package: adduser\nStatus: install ok installed\nMaintainer: Debian <a@debian.org>\n" +
      "Architecture: all\nVersion: 3.134\nDescription: add users\n with Package: trap\n .\n more\n\n" +
      "Package: libc6\nStatus: install ok half-configured\nArchitecture: i386\nVersion: 2.36-9\n\n" +
      "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n" +
      "rubbish\n\nStatus: install ok installed\nVersion: 9\n\n\nPackage: last\nStatus: install ok installed",
    "root/var/lib/dpkg/info/adduser.list": "",
    "root/var/lib/dpkg/info/libc6:i386.list": "",
  });
  const { applications, skipped } = await read(dpkg, temporary);
  assert.deepEqual(withoutDates(applications), [
    { name: "adduser", version: "3.134", vendor: "Debian", architecture: "all", source: "dpkg", dated: true },
    { name: "libc6", version: "2.36-9", architecture: "i386", source: "dpkg", dated: true },
    { name: "last", source: "dpkg", dated: false },
  ]);
  assert.equal(skipped, 2);
});

Deno.test("dpkg looks at no file outside its folder, and bounds what it takes, when names are hostile", async () => {
  using temporary = temporaryHost({
    "root/var/lib/dpkg/status":
      `Package: ../../../etc/passwd\nStatus: install ok installed\nArchitecture: ../x\nVersion: ${
        "9".repeat(200_000)
      }\n`,
    "root/var/lib/dpkg/etc/passwd.list": "",
  });
  const { applications } = await read(dpkg, temporary);
  assert.equal(applications[0]?.installed_at, undefined);
  assert.equal(applications[0]?.version?.length, 1024);
});

Deno.test("dpkg fails naming the file when it can't be read", async () => {
  using temporary = temporaryHost({ "root/var/lib/dpkg/status/a-folder": "" });
  await assert.rejects(() => read(dpkg, temporary), /Cannot read .*dpkg\/status/);
});

Deno.test("apk reads stanzas of one-letter keys", async () => {
  using temporary = temporaryHost({
    "root/lib/apk/db/installed":
      "C:Q1abc=\nP:musl\nV:1.2.5-r0\nA:x86_64\nm:Timo <t@iki.fi>\nF:lib\nR:ld-musl\n\nP:\nV:1\n\n",
  });
  const { applications, skipped } = await read(apk, temporary);
  assert.deepEqual(applications, [
    { name: "musl", version: "1.2.5-r0", vendor: "Timo", architecture: "x86_64", source: "apk" },
  ]);
  assert.equal(skipped, 1);
});

Deno.test("pacman reads each desc and counts those that can't be read", async () => {
  using temporary = temporaryHost({
    "root/var/lib/pacman/local/ALPM_DB_VERSION": "9\n",
    "root/var/lib/pacman/local/linux-6.11-1/desc":
      "%NAME%\nlinux\n\n%VERSION%\n6.11-1\n\n%ARCH%\nx86_64\n\n%INSTALLDATE%\n1730000000\n\n%PACKAGER%\nJan <j@archlinux.org>\n\n",
    "root/var/lib/pacman/local/broken-1/files": "",
  });
  const { applications, skipped } = await read(pacman, temporary);
  assert.deepEqual(applications, [{
    name: "linux",
    version: "6.11-1",
    vendor: "Jan",
    architecture: "x86_64",
    installed_at: "2024-10-27T03:33:20.000Z",
    source: "pacman",
  }]);
  assert.equal(skipped, 1);
});

Deno.test("rpm is asked for the database below the host's root, and signing keys are left out", async () => {
  using temporary = temporaryHost({ "root/usr/lib/sysimage/rpm/rpmdb.sqlite": "" });
  const run = fakeVendor({
    rpm:
      "bash\t5.2.26-3.fc40\tFedora Project\tx86_64\t1713000000\nbind-libs\t32:9.18-1\t(none)\tx86_64\t0\n" +
      "gpg-pubkey\ta15b79cc-63d04c2c\t(none)\t(none)\t1713000000\ncut off\t1",
  });
  const { applications, skipped } = await read(rpmSource(run), temporary);
  assert.deepEqual(applications, [
    {
      name: "bash",
      version: "5.2.26-3.fc40",
      vendor: "Fedora Project",
      architecture: "x86_64",
      installed_at: "2024-04-13T09:20:00.000Z",
      source: "rpm",
    },
    { name: "bind-libs", version: "32:9.18-1", architecture: "x86_64", source: "rpm" },
  ]);
  assert.equal(skipped, 1);
  assert.ok(run.asked[0]?.startsWith(`rpm --dbpath ${temporary.host.fs.root("/usr/lib/sysimage/rpm")} -qa`));
  await assert.rejects(
    () => read(rpmSource(fakeVendor({})), temporary),
    /Cannot read the database in .*: rpm is not installed/,
  );
});

Deno.test({
  name: "snap and flatpak follow the links to what is current",
  ignore: Deno.build.os === "windows", // Links need a privilege there.
  async fn() {
    using temporary = temporaryHost({
      "root/snap/README": "",
      "root/snap/core22/1663/meta/snap.yaml": "name: core22\nversion: '20240904'\nbase: none\n",
      "root/snap/broken/1/meta/other": "",
      "root/var/lib/flatpak/app/org.example.Draw/x86_64/stable/abc/metadata":
        "[Application]\nname=org.example.Draw\n",
      "root/var/lib/flatpak/app/org.example.Draw/x86_64/stable/abc/files/share/metainfo/org.example.Draw.metainfo.xml":
        '<releases>\n <release date="2025-01-01" version="4.2"/>\n <release version="4.1"/>\n</releases>',
    });
    const { fs } = temporary.host;
    Deno.symlinkSync("1663", fs.root("/snap/core22/current"));
    Deno.symlinkSync("1", fs.root("/snap/broken/current"));
    Deno.symlinkSync("x86_64/stable", fs.root("/var/lib/flatpak/app/org.example.Draw/current"));
    Deno.symlinkSync("abc", fs.root("/var/lib/flatpak/app/org.example.Draw/x86_64/stable/active"));
    const snaps = await read(snap, temporary);
    assert.deepEqual(withoutDates(snaps.applications), [
      { name: "core22", version: "20240904", source: "snap", dated: true },
    ]);
    assert.equal(snaps.skipped, 1);
    assert.deepEqual(withoutDates((await read(flatpak, temporary)).applications), [
      { name: "org.example.Draw", version: "4.2", architecture: "x86_64", source: "flatpak", dated: true },
    ]);
  },
});

const yaml: readonly [text: string, name: string | undefined, version: string | undefined][] = [
  ['name: "a"\nversion: 1.0', "a", "1.0"],
  ["version: 'x y'  \nname:   b  ", "b", "x y"],
  ["apps:\n  name: c\n  version: 2", undefined, undefined],
  ["", undefined, undefined],
];
for (const [text, name, version] of yaml) {
  Deno.test(`parseSnapYaml reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(parseSnapYaml(text), { name, version });
  });
}
