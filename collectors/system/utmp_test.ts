import assert from "node:assert/strict";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import { parseUtmp } from "./utmp.ts";

Deno.test("parseUtmp reads records of 384 bytes (x86-64) and of 400 (arm64), and lists sessions of users", () => {
  const utmpOf = (scenario: string) => Deno.readFileSync(fixtureHost(scenario).fs.root("/run/utmp"));
  assert.equal(parseUtmp(utmpOf("centos_7_3_10"))?.length, 1);
  assert.equal(parseUtmp(utmpOf("raspberry_pi_16k"))?.length, 2);
  assert.deepEqual(parseUtmp(new Uint8Array()), []);
});

Deno.test("parseUtmp tells who came from where and when, in either layout", () => {
  for (const [size, seconds] of [[384, 340], [400, 344]] as const) {
    const record = new Uint8Array(size);
    const view = new DataView(record.buffer);
    view.setInt16(0, 7, true);
    view.setInt32(4, 4711, true);
    view.setUint32(seconds, 1_795_250_972, true);
    const put = (offset: number, text: string) => record.set(new TextEncoder().encode(text), offset);
    put(8, "pts/0");
    put(44, "u".repeat(32)); // Fills its field: there is no zero behind it.
    put(76, "192.0.2.7");
    assert.deepEqual(parseUtmp(record), [
      {
        type: 7,
        pid: 4711,
        line: "pts/0",
        user: "u".repeat(32),
        host: "192.0.2.7",
        seconds: 1_795_250_972,
      },
    ]);
  }
});

Deno.test("parseUtmp gives nothing when the file is in no known form", () => {
  assert.equal(parseUtmp(new Uint8Array(385)), undefined);
  assert.equal(parseUtmp(new Uint8Array(384).fill(0xff)), undefined);
});

Deno.test("parseUtmp tells record sizes apart when a file's size fits both", () => {
  const records = new Uint8Array(9600);
  const view = new DataView(records.buffer);
  for (let at = 0; at < records.length; at += 400) {
    view.setInt16(at, 7, true);
    records.fill(0x61, at + 8, at + 76);
  }
  assert.equal(parseUtmp(records)?.length, 24);
});
