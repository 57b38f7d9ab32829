import assert from "node:assert/strict";
import { bytesOf } from "../../lib/ascii.ts";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import { countLogins, parseFileHandles, parseUptime } from "./parse.ts";

Deno.test("parseUptime reads the first number", () => {
  assert.equal(parseUptime(bytesOf("1914405.33 118273650.12\n")), 1_914_405.33);
  assert.throws(() => parseUptime(bytesOf("since yesterday\n")), /does not begin with a number/);
});

Deno.test("parseFileHandles subtracts free ones, and knows no limit from a limit", () => {
  assert.deepEqual(parseFileHandles(bytesOf("557\t7\t2466171\n")), { open: 550, most: 2_466_171 });
  assert.deepEqual(parseFileHandles(bytesOf("557\t0\t9223372036854775807\n")), { open: 557 });
  assert.throws(() => parseFileHandles(bytesOf("557\t0\n")), /does not hold three numbers/);
});

Deno.test("countLogins reads records of 384 bytes (x86-64) and of 400 (arm64), and counts sessions of users", () => {
  const utmpOf = (scenario: string) => Deno.readFileSync(fixtureHost(scenario).fs.root("/run/utmp"));
  assert.equal(countLogins(utmpOf("centos_7_3_10")), 1);
  assert.equal(countLogins(utmpOf("raspberry_pi_16k")), 2);
  assert.equal(countLogins(new Uint8Array()), 0);
});

Deno.test("countLogins gives nothing when the file is in no known form", () => {
  assert.equal(countLogins(new Uint8Array(385)), undefined);
  assert.equal(countLogins(new Uint8Array(384).fill(0xff)), undefined);
});

Deno.test("countLogins tells record sizes apart when a file's size fits both", () => {
  const records = new Uint8Array(9600);
  const view = new DataView(records.buffer);
  for (let at = 0; at < records.length; at += 400) {
    view.setInt16(at, 7, true);
    records.fill(0x61, at + 8, at + 76);
  }
  assert.equal(countLogins(records), 24);
});
