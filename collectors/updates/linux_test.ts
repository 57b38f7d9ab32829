import assert from "node:assert/strict";
import * as z from "zod/mini";
import { hostFs } from "../../lib/host_fs.ts";
import { systemClock } from "../../lib/clock.ts";
import { updateList } from "../../protocol/metrics/updates.ts";
import { componentTest, findExecutable } from "../../tests/support/component.ts";
import { ended, fakeVendor } from "../../tests/support/fake_vendor.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Collector } from "../collector.ts";
import { apk } from "./apk.ts";
import { apt } from "./apt.ts";
import { dnf } from "./dnf.ts";
import { linuxUpdates, managerOf } from "./linux.ts";
import { updatesDefinition } from "./mod.ts";
import { zypper } from "./zypper.ts";

async function updatesOf(collector: Collector) {
  const list = z.tuple([z.object({ type: z.literal("update_list"), data: updateList })]);
  return z.parse(list, await collector.collect())[0].data;
}

Deno.test("linuxUpdates counts all, lists a thousand, security first, and never asks for a refresh", async () => {
  using temporary = temporaryHost({ "root/var/lib/apt/lists/x_InRelease": "" });
  const inst = (name: string, origin: string) => `Inst ${name} [1] (2 ${origin} [amd64])\n`;
  const text = Array.from({ length: 1500 }, (_, index) => inst(`p${index}`, "Debian:12/stable")).join("") +
    inst("openssl", "Debian-Security:12/stable-security");
  const run = fakeVendor({ "apt-get -s": text });
  const data = await updatesOf(linuxUpdates(temporary.host, apt, run));
  assert.deepEqual([data.manager, data.pending, data.security_pending, data.updates.length], [
    "apt",
    1501,
    1,
    1000,
  ]);
  assert.equal(data.updates[0]?.name, "openssl");
  assert.ok(data.last_refresh !== undefined && data.last_refresh <= Date.now() / 1000);
  assert.deepEqual(run.asked, ["apt-get -s -o Debug::NoLocking=true dist-upgrade"]);
});

Deno.test("linuxUpdates marks dnf updates that advisories name, and asks no further when there are none", async () => {
  using temporary = temporaryHost();
  const pending = fakeVendor({
    "dnf -C -q check-update": ended(
      100,
      "kernel.x86_64  5.14.0-503.el9  baseos\ntar.x86_64  2:1.34-7.el9  baseos\n",
    ),
    "dnf -C -q updateinfo": "RHSA-1 Important/Sec. tar-1.34-7.el9.x86_64\n",
  });
  const data = await updatesOf(linuxUpdates(temporary.host, dnf, pending));
  assert.deepEqual(data.updates.map(({ name, security }) => [name, security]), [["tar", true], [
    "kernel",
    false,
  ]]);
  assert.equal(data.security_pending, 1);
  assert.equal(data.last_refresh, undefined);
  const none = fakeVendor({ "dnf -C -q check-update": "" });
  assert.equal((await updatesOf(linuxUpdates(temporary.host, dnf, none))).pending, 0);
  assert.equal(none.asked.length, 1);
});

Deno.test("linuxUpdates counts needed security patches of zypper, and leaves out what apk does not know", async () => {
  using temporary = temporaryHost();
  const run = fakeVendor({
    "list-updates": "S | Name | Available Version\n--+--\nv | tar | 2\n",
    "--category security":
      "Repository | Name | Status\n---+---+---\nr | SUSE-1 | needed\nr | SUSE-2 | not needed\n",
    "apk --no-network": "Installed:  Available:\n",
  });
  const suse = await updatesOf(linuxUpdates(temporary.host, zypper, run));
  assert.deepEqual([suse.pending, suse.security_pending], [1, 1]);
  const alpine = await updatesOf(linuxUpdates(temporary.host, apk, run));
  assert.deepEqual([alpine.pending, alpine.security_pending], [0, undefined]);
});

Deno.test("linuxUpdates fails with what the package manager said when it can't answer", async () => {
  using temporary = temporaryHost();
  const run = fakeVendor({
    "apt-get -s": ended(100, "", "E: Unmet dependencies. Try 'apt --fix-broken install'"),
  });
  await assert.rejects(
    async () => await linuxUpdates(temporary.host, apt, run).collect(),
    /Cannot list updates: apt-get ended with code 100: E: Unmet dependencies/,
  );
});

Deno.test("managerOf takes the manager that keeps the host, not any whose program is there", () => {
  using temporary = temporaryHost({ "root/etc/zypp/zypp.conf": "", "root/etc/dnf/dnf.conf": "" });
  assert.equal(managerOf(temporary.host.fs, () => true)?.name, "zypper");
  assert.equal(managerOf(temporary.host.fs, (program) => program === "dnf")?.name, "dnf");
  assert.equal(managerOf(temporary.host.fs, (program) => program === "apt-get"), undefined);
  assert.equal(updatesDefinition.detect(fixtureHost("debian_64_cores")).status, "unsupported");
});

componentTest(
  "apt-get",
  findExecutable("apt-get"),
  "linuxUpdates counts what apt-get counts",
  async (aptGet) => {
    const { stdout } = await new Deno.Command(aptGet, { args: ["-s", "dist-upgrade"], env: { LC_ALL: "C" } })
      .output();
    const summary = /^(\d+) upgraded/m.exec(new TextDecoder().decode(stdout));
    const host = { os: "linux", fs: hostFs(), clock: systemClock } as const;
    const data = await updatesOf(linuxUpdates(host, apt));
    assert.equal(data.pending, Number(summary?.[1]));
  },
);
