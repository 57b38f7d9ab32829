import assert from "node:assert/strict";
import { CommandError } from "../exit_codes.ts";
import { defaultDataDirectory } from "./default_directory.ts";

const cases: readonly [string, typeof Deno.build.os, number | null, Record<string, string>, string][] = [
  ["root on Linux", "linux", 0, { HOME: "/root", XDG_STATE_HOME: "/x" }, "/var/lib/spectra"],
  ["a user on Linux", "linux", 1000, { HOME: "/home/a" }, "/home/a/.local/state/spectra"],
  ["XDG_STATE_HOME", "linux", 1000, { HOME: "/home/a", XDG_STATE_HOME: "/state" }, "/state/spectra"],
  [
    "a relative XDG_STATE_HOME",
    "linux",
    1000,
    { HOME: "/home/a", XDG_STATE_HOME: "s" },
    "/home/a/.local/state/spectra",
  ],
  ["root on macOS", "darwin", 0, { HOME: "/var/root" }, "/Library/Application Support/Spectra"],
  ["a user on macOS", "darwin", 501, { HOME: "/Users/a" }, "/Users/a/Library/Application Support/Spectra"],
  ["Windows", "windows", null, { ProgramData: "D:\\Data" }, "D:\\Data\\Spectra"],
  ["Windows without ProgramData", "windows", null, {}, "C:\\ProgramData\\Spectra"],
];
for (const [name, os, uid, environment, expected] of cases) {
  Deno.test(`defaultDataDirectory is ${expected} for ${name}`, () => {
    const found = defaultDataDirectory({ os, uid, environment: (variable) => environment[variable] });
    assert.equal(found.replaceAll("/", "\\"), expected.replaceAll("/", "\\"));
  });
}

Deno.test("defaultDataDirectory refuses when there is no home directory", () => {
  assert.throws(
    () => defaultDataDirectory({ os: "linux", uid: 1000, environment: () => undefined }),
    CommandError,
  );
});
