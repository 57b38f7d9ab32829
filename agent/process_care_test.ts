import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { hostFs, readText } from "../lib/host_fs.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { careForProcess } from "./process_care.ts";

const linux = Deno.build.os === "linux";

// Loads libc, which stays loaded as long as the process lives, before a test is watched for what it leaves behind.
careForProcess(systemClock)();

function ignoresSigusr1(): boolean {
  const status = readText(hostFs().proc("self/status")) ?? "";
  const mask = BigInt(`0x${/^SigIgn:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return (mask & (1n << 9n)) !== 0n; // Signal 10 is bit 9 (proc_pid_status(5)).
}

Deno.test({
  name: "careForProcess ignores SIGUSR1 and gives memory back once",
  ignore: !linux,
  async fn() {
    const clock = fakeClock();
    careForProcess(clock);
    assert(ignoresSigusr1());
    await clock.advance(60_000);
    assert(ignoresSigusr1());
    assert.equal(clock.pending, 0);
  },
});

Deno.test("careForProcess leaves no timer when it is ended", () => {
  const clock = fakeClock();
  careForProcess(clock)();
  assert.equal(clock.pending, 0);
});
