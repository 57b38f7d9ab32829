import assert from "node:assert/strict";
import { componentTest, findExecutable } from "../tests/support/component.ts";
import { decodeTimex, readClockState, timexBytes } from "./timex.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) readClockState(); // Loads the C library outside of the tests, which look for leaks.

Deno.test("decodeTimex reads offsets in nanoseconds or microseconds as the status says", () => {
  const timex = new Uint8Array(timexBytes);
  const view = new DataView(timex.buffer);
  view.setBigInt64(8, -1_234_567n, true);
  view.setBigInt64(16, -65536n * 12n, true);
  view.setBigInt64(24, 250_000n, true);
  view.setBigInt64(32, 1_500n, true);
  view.setInt32(160, 37, true);
  view.setInt32(40, 0x2001, true);
  const nano = decodeTimex(0, timex);
  assert.deepEqual(nano, {
    state: 0,
    offsetSeconds: -0.001234567,
    maxErrorSeconds: 0.25,
    estimatedErrorSeconds: 0.0015,
    frequencyPpm: -12,
    status: 0x2001,
    taiOffsetSeconds: 37,
  });
  view.setInt32(40, 0x0001, true);
  assert.equal(decodeTimex(0, timex).offsetSeconds, -1.234567);
});

componentTest(
  "adjtimex",
  onLinux ? findExecutable("adjtimex") : undefined,
  "readClockState agrees with adjtimex(8)",
  (path) => {
    const { stdout } = new Deno.Command(path, { args: ["--print"] }).outputSync();
    const text = new TextDecoder().decode(stdout);
    const printed = (name: string) => Number(new RegExp(`${name}: +(-?\\d+)`).exec(text)?.[1]);
    const state = readClockState();
    assert.equal(state.status, printed("status"));
    assert.equal(Math.round(state.frequencyPpm * 65536), printed("frequency"));
    assert.ok(Math.abs(state.maxErrorSeconds * 1e6 - printed("maxerror")) < 10_000); // It grows by 500 µs a second.
    assert.equal(state.state, Number(/return value = (\d)/.exec(text)?.[1]));
  },
);
