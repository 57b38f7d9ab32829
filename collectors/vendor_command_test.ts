import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { componentTest, findExecutable } from "../tests/support/component.ts";
import { runVendorCommand } from "./vendor_command.ts";

const shell = Deno.build.os === "windows" ? undefined : findExecutable("sh");

Deno.test("runVendorCommand() says that a program is absent", async () => {
  assert.deepEqual(await runVendorCommand(["no-such-program-anywhere"], systemClock), { status: "absent" });
});

componentTest("sh", shell, "runVendorCommand() gives output and code, in a fixed environment", async () => {
  const argv = ["sh", "-c", 'echo "$1|$LC_ALL|$HOME"; echo oops >&2; exit 4', "sh", "a b;c"] as const;
  assert.deepEqual(await runVendorCommand([...argv], systemClock), {
    status: "ended",
    code: 4,
    stdout: "a b;c|C|\n",
    stderr: "oops\n",
  });
});

componentTest(
  "sh",
  shell,
  "runVendorCommand() kills what does not end, and what prints too much",
  async () => {
    const late = await runVendorCommand(["sh", "-c", "exec sleep 60"], systemClock, { deadlineMs: 100 });
    assert.deepEqual(late, { status: "killed", reason: "sh did not end within 100 ms" });
    const loud = await runVendorCommand(["sh", "-c", "exec yes"], systemClock, { maxOutputBytes: 10_000 });
    assert.deepEqual(loud, { status: "killed", reason: "sh printed more than 10000 bytes" });
  },
);
