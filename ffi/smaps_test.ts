import assert from "node:assert/strict";
import { parseSmaps } from "./smaps.ts";

function mapping(head: string, anonymousKb: number): string {
  return `${head}\nSize:                  4 kB\nRss:                   4 kB\nAnonymous:             ${anonymousKb} kB\n` +
    "AnonHugePages:         0 kB\nVmFlags: rd ex mr mw me\n";
}

const cases: readonly [what: string, head: string, anonymousKb: number, clean: boolean][] = [
  ["code of a file", "55d0c000-55d0d000 r-xp 00001000 fe:00 1234    /usr/bin/deno", 0, true],
  ["constants of a file", "55d0c000-55d0d000 r--p 00000000 fe:00 1234    /usr/bin/deno (deleted)", 0, true],
  ["relocated constants", "55d0c000-55d0d000 r--p 00000000 fe:00 1234    /usr/bin/deno", 4, false],
  ["data of a file", "55d0c000-55d0d000 rw-p 00000000 fe:00 1234    /usr/bin/deno", 0, false],
  ["a shared mapping", "55d0c000-55d0d000 r--s 00000000 fe:00 1234    /usr/lib/locale/x", 0, false],
  ["anonymous memory", "55d0c000-55d0d000 r--p 00000000 00:00 0 ", 0, false],
  ["a region of the kernel's", "55d0c000-55d0d000 r-xp 00000000 00:00 0     [vdso]", 0, false],
  ["inaccessible memory", "55d0c000-55d0d000 ---p 00000000 fe:00 1234    /usr/bin/deno", 0, false],
];
for (const [what, head, anonymousKb, isCleanFile] of cases) {
  Deno.test(`parseSmaps says ${isCleanFile ? "clean" : "not clean"} of ${what}`, () => {
    assert.deepEqual(parseSmaps(mapping(head, anonymousKb)), [
      { address: 0x55d0c000n, bytes: 4096n, isCleanFile },
    ]);
  });
}

Deno.test("parseSmaps reads addresses above 2^53 and leaves out a mapping whose lines are cut off", () => {
  const first = mapping("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]", 0);
  assert.deepEqual(parseSmaps(`${first}7f00-7f01 r--p 0 fe:00 1 /x\nSize: 4 kB`), [
    { address: 0xffffffffff600000n, bytes: 4096n, isCleanFile: false },
  ]);
  assert.deepEqual(parseSmaps(""), []);
});
