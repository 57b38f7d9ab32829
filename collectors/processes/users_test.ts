import assert from "node:assert/strict";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import { parsePasswd, userNames } from "./users.ts";

Deno.test("parsePasswd reads names by number, the first one of several, and leaves malformed lines out", () => {
  const text =
    "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n\n# x\n:x:7::\nbob:x:one:1\n+::::::\nwww:x:33:33::/:\n";
  assert.deepEqual([...parsePasswd(text)], [[0, "root"], [33, "www"]]);
});

Deno.test("userNames gives the number where there is no name, and looks again after a minute", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({ "root/etc/passwd": "root:x:0:0::/:/bin/sh\n" }, clock);
  const nameOf = userNames(temporary.host.fs.root("/etc/passwd"), clock);
  assert.deepEqual([nameOf(0), nameOf(1000)], ["root", "1000"]);
  temporary.write("root/etc/passwd", "root:x:0:0::/:/bin/sh\nbob:x:1000:1000::/:/bin/sh\n");
  assert.equal(nameOf(1000), "1000");
  await clock.advance(60_000);
  assert.equal(nameOf(1000), "bob");
});

Deno.test("userNames does without the file", () => {
  using temporary = temporaryHost();
  assert.equal(userNames(temporary.host.fs.root("/etc/passwd"), temporary.host.clock)(0), "0");
});
