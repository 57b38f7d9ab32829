import assert from "node:assert/strict";
import { bytesOf } from "../lib/ascii.ts";
import { temporaryHost } from "../tests/support/fixture_host.ts";
import { hostFile, isAbsence, requireWholeLines } from "./host_file.ts";

Deno.test("hostFile reads what the file holds now", () => {
  using temporary = temporaryHost({ "proc/x": "1" });
  const file = hostFile(temporary.host.fs.proc("x"));
  assert.equal(file.parse((bytes) => bytes[0]), 0x31);
  temporary.write("proc/x", "2");
  assert.equal(file.parse((bytes) => bytes[0]), 0x32);
  file.close();
});

Deno.test("hostFile names the file and what was wrong when it is absent, empty or malformed", () => {
  using temporary = temporaryHost({ "proc/empty": "", "proc/bad": "x" });
  const { fs } = temporary.host;
  const reading = (name: string) => () => {
    const file = hostFile(fs.proc(name));
    try {
      file.parse(() => {
        throw new Error("it is nonsense");
      });
    } finally {
      file.close();
    }
  };
  assert.throws(reading("absent"), /Cannot read .*proc\/absent/);
  assert.throws(reading("empty"), /Cannot parse .*proc\/empty: it is empty/);
  assert.throws(reading("bad"), /Cannot parse .*proc\/bad: it is nonsense/);
});

const readError = (cause: unknown) => new Error("Cannot read /proc/pressure/io", { cause });
const absences: readonly [what: string, error: unknown, expected: boolean][] = [
  ["no such file", readError(new Deno.errors.NotFound("gone")), true],
  ["not permitted", readError(new Deno.errors.PermissionDenied("no")), true],
  ["EOPNOTSUPP, as where psi=0", readError(new Error("Operation not supported (os error 95)")), true],
  ["EIO", readError(new Error("Input/output error (os error 5)")), false],
  ["a parser's error", readError(new Error("it is empty")), false],
  ["no error at all", "gone", false],
];
for (const [what, error, expected] of absences) {
  Deno.test(`isAbsence says ${expected} to ${what}`, () => assert.equal(isAbsence(error), expected));
}

Deno.test("requireWholeLines refuses a file that was cut within a line", () => {
  assert.doesNotThrow(() => requireWholeLines(bytesOf("a 1\nb 2\n")));
  assert.throws(() => requireWholeLines(bytesOf("a 1\nb 2")), /its last line is cut off/);
});
