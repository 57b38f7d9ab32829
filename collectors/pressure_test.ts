import assert from "node:assert/strict";
import { bytesOf } from "../lib/ascii.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { temporaryHost } from "../tests/support/fixture_host.ts";
import { parsePressure, pressureReader } from "./pressure.ts";

Deno.test("parsePressure reads the totals of both lines in seconds", () => {
  const file =
    "some avg10=0.14 avg60=0.05 avg300=0.00 total=5601217\nfull avg10=0.14 avg60=0.05 avg300=0.00 total=5430876\n";
  assert.deepEqual(parsePressure(bytesOf(file)), { someSeconds: 5.601217, fullSeconds: 5.430876 });
});

Deno.test("parsePressure leaves out what a file lacks: irq has no some, cpu once had no full", () => {
  assert.deepEqual(parsePressure(bytesOf("full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n")), {
    fullSeconds: 7e-6,
  });
  assert.deepEqual(parsePressure(bytesOf("some avg10=0.00 avg60=0.00 avg300=0.00 total=7")), {
    someSeconds: 7e-6,
  });
});

for (const file of ["some avg10=0.20 avg60", "some total=\nfull total=x\n", "nothing\n"]) {
  Deno.test(`parsePressure refuses ${JSON.stringify(file)}`, () => {
    assert.throws(() => parsePressure(bytesOf(file)), /it has no "total="/);
  });
}

Deno.test("pressureReader gives nothing while the kernel has no such file, and looks again after a minute", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({}, clock);
  const reader = pressureReader(temporary.host.fs.proc("pressure/cpu"), clock);
  assert.deepEqual(reader.read(), {});
  temporary.write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n");
  assert.deepEqual(reader.read(), {});
  await clock.advance(60_000);
  assert.deepEqual(reader.read(), { someSeconds: 1 });
  reader.close();
});

Deno.test("pressureReader names a malformed file", () => {
  using temporary = temporaryHost({ "proc/pressure/io": "some avg10=0.00\n" });
  const reader = pressureReader(temporary.host.fs.proc("pressure/io"), temporary.host.clock);
  assert.throws(() => reader.read(), /Cannot parse .*proc\/pressure\/io: it has no "total="/);
  reader.close();
});
