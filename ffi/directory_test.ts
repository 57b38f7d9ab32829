import assert from "node:assert/strict";
import {
  contents,
  denoDirectory,
  type Directory,
  isRefusal,
  isTooManyFiles,
  openDirectory,
  pathBytes,
} from "./directory.ts";

const decoder = new TextDecoder();
const opened = openDirectory("."); // Loads the C library outside of the tests, which look for leaks.
if (typeof opened !== "number") opened.close();

function opening(open: typeof openDirectory, path: string): Directory {
  const directory = open(path);
  assert.ok(typeof directory !== "number", `errno ${directory}`);
  return directory;
}

function names(directory: Directory): string[] {
  const found: string[] = [];
  directory.list((bytes, start, end, isDirectory) => {
    found.push(decoder.decode(bytes.slice(start, end)) + (isDirectory ? "/" : ""));
  });
  return found.sort();
}

for (const [name, open] of [["openDirectory", openDirectory], ["denoDirectory", denoDirectory]] as const) {
  Deno.test(`${name} lists entries, and reads files below the folder`, () => {
    const path = Deno.makeTempDirSync({ prefix: "spectra-directory-" });
    try {
      Deno.mkdirSync(`${path}/12`);
      Deno.writeTextFileSync(`${path}/12/stat`, "12 (a b)");
      Deno.writeTextFileSync(`${path}/.hidden`, "");
      Deno.writeTextFileSync(`${path}/...`, "");
      const directory = opening(open, path);
      assert.deepEqual(names(directory), ["...", ".hidden", "12/"]);
      const length = directory.read(pathBytes("12/stat"));
      assert.equal(decoder.decode(contents.slice(0, length + 1)), "12 (a b)\n");
      assert.equal(directory.read(pathBytes(".hidden")), 0);
      assert.equal(directory.read(pathBytes("13/stat")), -2);
      directory.close();
    } finally {
      Deno.removeSync(path, { recursive: true });
    }
  });

  Deno.test(`${name} lists more entries than one call gives, and stops when it is told`, () => {
    const path = Deno.makeTempDirSync({ prefix: "spectra-directory-" });
    try {
      for (let index = 0; index < 2000; index++) Deno.writeTextFileSync(`${path}/${index}`, "");
      const directory = opening(open, path);
      assert.equal(new Set(names(directory)).size, 2000);
      directory.close();
      const again = opening(open, path);
      let seen = 0;
      again.list(() => ++seen < 10);
      again.close();
      assert.equal(seen, 10);
    } finally {
      Deno.removeSync(path, { recursive: true });
    }
  });

  Deno.test(`${name} gives no part of a file that does not fit, unless that will do`, () => {
    const path = Deno.makeTempDirSync({ prefix: "spectra-directory-" });
    try {
      Deno.writeTextFileSync(`${path}/large`, "x".repeat(contents.length));
      const directory = opening(open, path);
      assert.equal(directory.read(pathBytes("large")), -27);
      assert.equal(directory.read(pathBytes("large"), true), contents.length - 1);
      directory.close();
    } finally {
      Deno.removeSync(path, { recursive: true });
    }
  });

  Deno.test(`${name} gives an error number for what is no folder`, () => {
    assert.equal(open("/there is no such folder"), -2);
    assert.notEqual(typeof open("/\0etc"), "object");
  });
}

Deno.test("isRefusal and isTooManyFiles tell error numbers apart", () => {
  assert.deepEqual([-13, -1, -2, -3, 0, 5].map(isRefusal), [true, true, false, false, false, false]);
  assert.deepEqual([-24, -23, -2].map(isTooManyFiles), [true, true, false]);
});
