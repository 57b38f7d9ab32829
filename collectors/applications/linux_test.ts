import assert from "node:assert/strict";
import * as z from "zod/mini";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { applicationList } from "../../protocol/metrics/system.ts";
import { componentTest, findExecutable } from "../../tests/support/component.ts";
import { fakeVendor } from "../../tests/support/fake_vendor.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { waitFor } from "../../tests/support/wait.ts";
import type { Collector } from "../collector.ts";
import { linuxApplications } from "./linux.ts";
import { applicationsDefinition } from "./mod.ts";

async function listOf(collector: Collector) {
  const list = z.tuple([z.object({ type: z.literal("application_list"), data: applicationList })]);
  return z.parse(list, await collector.collect())[0].data;
}

Deno.test("linuxApplications lists what can be read, and says why the rest can't", async () => {
  using temporary = temporaryHost({
    "root/lib/apk/db/installed": "P:musl\nV:1.2.5-r0\n\nV:1\n",
    "root/var/lib/rpm/Packages": "",
  });
  const data = await listOf(linuxApplications(temporary.host, fakeVendor({})));
  assert.deepEqual(data.applications.map(({ name }) => name), ["musl"]);
  assert.deepEqual([data.installed, data.skipped], [1, 1]);
  assert.equal(data.problems?.length, 1);
  assert.match(data.problems?.[0] ?? "", /^rpm: Cannot read the database in .*: rpm is not installed$/);
});

Deno.test("linuxApplications counts all and lists no more than the wire takes", async () => {
  const stanzas = Array.from({ length: 20_001 }, (_, index) => `P:package${index}\nV:1\n\n`).join("");
  using temporary = temporaryHost({ "root/lib/apk/db/installed": stanzas });
  const data = await listOf(linuxApplications(temporary.host, fakeVendor({})));
  assert.deepEqual([data.installed, data.applications.length], [20_001, 20_000]);
});

Deno.test("applicationsDefinition is unsupported, and says so, when a host has no package database", () => {
  using temporary = temporaryHost({ "root/var/lib/dpkg/status": "" });
  assert.equal(applicationsDefinition.detect(temporary.host).status, "available");
  assert.equal(applicationsDefinition.detect(fixtureHost("debian_64_cores")).status, "unsupported");
});

componentTest(
  "dpkg-query",
  findExecutable("dpkg-query"),
  "linuxApplications lists what dpkg-query lists",
  async (query) => {
    const collector = linuxApplications({ os: "linux", fs: hostFs(), clock: systemClock });
    // Something may be installed in between.
    await waitFor("both list the same packages and versions", async () => {
      const args = ["-W", "-f", "${db:Status-Status} ${Package} ${Version} ${Architecture}\n"];
      const { stdout } = await new Deno.Command(query, { args }).output();
      const expected = new TextDecoder().decode(stdout).split("\n").filter((line) =>
        line.startsWith("installed ")
      );
      const { applications } = await listOf(collector);
      const ours = applications.filter(({ source }) => source === "dpkg")
        .map(({ name, version, architecture }) => `installed ${name} ${version} ${architecture}`);
      return expected.length > 0 && expected.sort().join("\n") === ours.sort().join("\n");
    });
  },
);
