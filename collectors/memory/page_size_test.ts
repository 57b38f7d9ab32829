import assert from "node:assert/strict";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import { pageSizeOfAuxv, pageSizeOfFree } from "./page_size.ts";

for (const [scenario, size] of [["debian_12_vm", 4096], ["raspberry_pi_16k", 16_384]] as const) {
  Deno.test(`pageSizeOfAuxv finds ${size} bytes on ${scenario}`, () => {
    assert.equal(pageSizeOfAuxv(Deno.readFileSync(fixtureHost(scenario).fs.proc("self/auxv"))), size);
  });
}

Deno.test("pageSizeOfAuxv gives nothing when the vector is empty, cut off or ends before", () => {
  const page = new BigUint64Array([6n, 4096n]);
  assert.equal(pageSizeOfAuxv(new Uint8Array(page.buffer)), 4096);
  assert.equal(pageSizeOfAuxv(new Uint8Array(page.buffer, 0, 15)), undefined);
  assert.equal(pageSizeOfAuxv(new Uint8Array(new BigUint64Array([0n, 0n, 6n, 4096n]).buffer)), undefined);
  assert.equal(pageSizeOfAuxv(new Uint8Array()), undefined);
});

const ratios: readonly [freeBytes: number, freePages: number, expected: number | undefined][] = [
  [4096 * 1000, 1000, 4096],
  [4096 * 1000, 1200, 4096],
  [16_384 * 1000, 900, 16_384],
  [65_536 * 1000, 1010, 65_536],
  [8192 * 1000, 1000, undefined],
  [4096, 0, undefined],
  [0, 0, undefined],
];
for (const [freeBytes, freePages, expected] of ratios) {
  Deno.test(`pageSizeOfFree says ${expected} to ${freeBytes} bytes in ${freePages} pages`, () => {
    assert.equal(pageSizeOfFree(freeBytes, freePages), expected);
  });
}
