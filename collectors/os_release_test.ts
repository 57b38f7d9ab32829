import assert from "node:assert/strict";
import { temporaryHost } from "../tests/support/fixture_host.ts";
import { parseOsRelease, readOsRelease } from "./os_release.ts";

Deno.test("parseOsRelease undoes shell quoting", () => {
  const file = `# comment\nNAME="A \\"quoted\\" \\$name"\nID=debian\nVERSION_ID='12'\nNOT A LINE\n`;
  assert.deepEqual(parseOsRelease(file), { id: "debian", name: 'A "quoted" $name', versionId: "12" });
});

Deno.test("parseOsRelease leaves out what is absent or empty, and bounds what is too long", () => {
  assert.deepEqual(parseOsRelease('NAME="Arch Linux"\nVERSION_ID=\n'), { name: "Arch Linux" });
  assert.equal(parseOsRelease(`NAME=${"x".repeat(3_000_000)}`).name?.length, 1024);
  assert.deepEqual(parseOsRelease(""), {});
});

Deno.test("readOsRelease falls back to /usr/lib", () => {
  using temporary = temporaryHost({ "root/usr/lib/os-release": "ID=fedora\n" });
  assert.deepEqual(readOsRelease(temporary.host.fs), { id: "fedora" });
  temporary.write("root/etc/os-release", "ID=custom\n");
  assert.deepEqual(readOsRelease(temporary.host.fs), { id: "custom" });
});
