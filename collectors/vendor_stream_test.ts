import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { componentTest, findExecutable } from "../tests/support/component.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { waitFor } from "../tests/support/wait.ts";
import { followVendorProgram } from "./vendor_stream.ts";

const shell = Deno.build.os === "windows" ? undefined : findExecutable("sh");

componentTest(
  "sh",
  shell,
  "followVendorProgram gives lines, passes over long ones, and starts again what ended",
  async () => {
    const clock = fakeClock();
    const lines: string[] = [];
    let tooLong = 0;
    let starts = 0;
    const stream = followVendorProgram({
      clock,
      argv: () => [
        "sh",
        "-c",
        `printf 'one %s\\n%0100d\\ntwo' "$1" 0; echo why >&2; exit 3`,
        "sh",
        String(++starts),
      ],
      onLine: (line) => void lines.push(line),
      maxLineBytes: 64,
      onTooLong: () => tooLong++,
    });
    await waitFor("the end of the first run", () => stream.problem());
    assert.equal(stream.problem(), "sh ended with code 3: why");
    assert.deepEqual(lines, ["one 1"], "a line without its line break is not whole");
    assert.equal(tooLong, 1);
    await clock.advance(1_000);
    await waitFor("the second run", () => lines.length === 2);
    stream.close();
    await stream.ended;
    assert.deepEqual(lines, ["one 1", "one 2"]);
  },
);

componentTest(
  "sh",
  shell,
  "followVendorProgram makes the program wait while a line is being taken, and kills it",
  async () => {
    const goOn = Promise.withResolvers<void>();
    let taken = 0;
    const stream = followVendorProgram({
      clock: systemClock,
      argv: () => ["sh", "-c", "exec yes"],
      onLine: () => ++taken === 1_000 ? goOn.promise : undefined,
      maxLineBytes: 64,
      onTooLong: () => assert.fail("no line is long"),
    });
    await waitFor("a thousand lines", () => taken === 1_000);
    stream.close();
    goOn.resolve();
    await stream.ended;
    assert.equal(taken, 1_000);
  },
);

Deno.test("followVendorProgram says that a program is absent", async () => {
  const stream = followVendorProgram({
    clock: systemClock,
    argv: () => ["no-such-program-anywhere"],
    onLine: () => {},
    maxLineBytes: 64,
    onTooLong: () => {},
  });
  await waitFor("the answer", () => stream.problem());
  assert.equal(stream.problem(), "no-such-program-anywhere is not installed");
  stream.close();
  await stream.ended;
});
