import assert from "node:assert/strict";
import { parseListing } from "./systemctl.ts";

Deno.test("parseListing reads what systemctl 252 prints", () => {
  const output =
    '[{"unit":"spectra-bad.service","load":"loaded","active":"failed","sub":"failed","description":"fails \\"always\\" é"}]\n';
  assert.deepEqual(parseListing(output), [{
    name: "spectra-bad.service",
    loadState: "loaded",
    activeState: "failed",
    subState: "failed",
    description: 'fails "always" é',
  }]);
  assert.deepEqual(parseListing("[]\n"), []);
});

for (const output of ["", "ssh.service loaded active running\n", '[{"unit":"a"}]', '[{"unit":"a.ser', "{}"]) {
  Deno.test(`parseListing refuses ${JSON.stringify(output)}`, () => {
    assert.throws(() => parseListing(output), /no list of units as JSON/);
  });
}
