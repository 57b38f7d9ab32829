import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import type { VendorOutcome } from "./vendor_command.ts";
import { outputOf, vendorRunner } from "./vendor_runner.ts";

const done: VendorOutcome = { status: "ended", code: 0, stdout: "fine", stderr: "" };

Deno.test("vendorRunner leaves a command alone that can't be killed, until it has ended", async () => {
  const clock = fakeClock();
  const runs: ((outcome: VendorOutcome) => void)[] = [];
  const run = vendorRunner(clock, () => new Promise((resolve) => runs.push(resolve)));
  const first = run(["zpool", "status"], { deadlineMs: 1000 });
  await clock.advance(2000);
  assert.deepEqual(await first, { status: "killed", reason: "zpool did not finish within 2000 ms" });
  await clock.advance(58_000);
  const reason = "zpool was killed and has not ended for 60 s";
  assert.deepEqual(await run(["zpool", "status"], { deadlineMs: 1000 }), { status: "killed", reason });
  assert.equal(runs.length, 1);

  const other = run(["zpool", "list"], { deadlineMs: 1000 });
  runs[1]?.(done);
  assert.deepEqual(await other, done);

  runs[0]?.(done);
  await clock.advance(0);
  const again = run(["zpool", "status"], { deadlineMs: 1000 });
  runs[2]?.(done);
  assert.deepEqual(await again, done);
  assert.equal(clock.pending, 0);
});

Deno.test("vendorRunner passes on that a command can't be started", async () => {
  const run = vendorRunner(fakeClock(), () => Promise.reject(new Error("Cannot start zpool")));
  await assert.rejects(() => run(["zpool"], { deadlineMs: 1000 }), /Cannot start zpool/);
});

const outcomes: readonly [what: string, outcome: VendorOutcome, expected: ReturnType<typeof outputOf>][] = [
  ["it ended well", done, { text: "fine", code: 0 }],
  ["it is absent", { status: "absent" }, { reason: "zpool is not installed" }],
  ["it was killed", { status: "killed", reason: "late" }, { reason: "late" }],
  ["it failed", { ...done, code: 2, stderr: "no\n" }, { reason: "zpool ended with code 2: no" }],
  ["it failed silently", { ...done, code: 2, stdout: "" }, { reason: "zpool ended with code 2" }],
];
for (const [what, outcome, expected] of outcomes) {
  Deno.test(`outputOf gives the output or the reason when ${what}`, () => {
    assert.deepEqual(outputOf("zpool", outcome), expected);
  });
}
