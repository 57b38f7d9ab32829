import assert from "node:assert/strict";
import { globAllows, globMatches } from "./glob.ts";

for (
  const [pattern, name, expected] of [
    ["ssh.service", "ssh.service", true],
    ["ssh.service", "ssh-service", false],
    ["*.service", "getty@tty1.service", true],
    ["getty@*.service", "getty.service", false],
    ["a*b*c", "aXbYbZc", true],
    ["a*b*c", "aXbY", false],
    ["?", "", false],
    ["", "", true],
    ["*", "", true],
    ["tty?", "tty1", true],
    ["tty?", "tty12", false],
    ["[a-z]*", "abc", false],
    ["(", "(", true],
  ] as const
) {
  Deno.test(`globMatches says ${expected} of ${JSON.stringify(name)} and ${JSON.stringify(pattern)}`, () => {
    assert.equal(globMatches(pattern, name), expected);
  });
}

Deno.test("globMatches ends soon when a name is made to go back often", () => {
  assert.equal(globMatches("*a".repeat(50) + "b", "a".repeat(10_000)), false);
});

Deno.test("globAllows takes everything when nothing is included by name, and leaves out what is excluded", () => {
  assert.ok(globAllows("a.service", [], []));
  assert.ok(!globAllows("a.service", ["b*"], []));
  assert.ok(!globAllows("b.service", ["b*"], ["*.service"]));
});
