import assert from "node:assert/strict";
import * as z from "zod/mini";
import { securityCounts, securityEventList } from "../../protocol/metrics/security.ts";
import { systemClock } from "../../lib/clock.ts";
import { readText } from "../../lib/host_fs.ts";
import { componentTest } from "../../tests/support/component.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { type TemporaryHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import { journalRemote, writeJournal } from "../../tests/support/journal.ts";
import { waitFor } from "../../tests/support/wait.ts";
import { utmpRecordBytes } from "../utmp.ts";
import type { Collector, Host } from "../collector.ts";
import { parseKeys } from "./accounts.ts";
import { securityDefinition } from "./mod.ts";

const clock = fakeClock();

interface Reading {
  readonly counts: z.infer<typeof securityCounts>;
  readonly events: z.infer<typeof securityEventList>["events"];
}

async function read(collector: Collector): Promise<Reading> {
  let counts: Reading["counts"] = {};
  let events: Reading["events"] = [];
  for (const { type, data } of await collector.collect()) {
    if (type === "security_counts") counts = z.parse(securityCounts, data);
    else if (type === "security_event_list") events = z.parse(securityEventList, data).events;
    else assert.fail(`${type} is not the collector's`);
  }
  return { counts, events };
}

function open(host: Host, settings = {}): Collector & Disposable {
  const collector = securityDefinition.create(host, settings);
  return { ...collector, [Symbol.dispose]: () => collector.close?.() };
}

function append(host: Host, path: string, text: string): void {
  Deno.writeTextFileSync(host.fs.root(path), text, { append: true });
}

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const passwd = "root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n";

function server(): TemporaryHost {
  return temporaryHost({
    "root/etc/passwd": passwd,
    "root/etc/group": "root:x:0:\nsudo:x:27:alice\n",
    "root/etc/sudoers": "root ALL=(ALL) ALL\n",
    "root/home/alice/.ssh/authorized_keys": `# laptop\n${key} alice@laptop\n`,
    "root/usr/bin/true": "",
    "root/var/log/auth.log": "",
    "state/keep": "",
  }, clock);
}

Deno.test("linuxSecurity tells of logins, and of a source that tries by force", async () => {
  using temporary = server();
  const { host } = temporary;
  using collector = open(host, { brute_force: { attempts: 3 } });
  assert.deepEqual((await read(collector)).events, []);
  const line = (rest: string) => `2026-01-26T09:59:58+00:00 web ${rest}\n`;
  append(
    host,
    "/var/log/auth.log",
    line("sshd[7]: Failed password for root from 192.0.2.9 port 1 ssh2").repeat(3),
  );
  append(
    host,
    "/var/log/auth.log",
    line("sshd[8]: Accepted password for \x1b[31malice from 192.0.2.7 port 1 ssh2"),
  );
  const { counts, events } = await read(collector);
  assert.equal(counts.login_failed, 3);
  assert.equal(counts.brute_force, 1);
  assert.equal(counts.login_source, "/var/log/auth.log");
  assert.deepEqual(events.map(({ kind, user, source, count }) => [kind, user, source, count]), [
    ["login_failed", "root", "192.0.2.9", 3],
    ["brute_force", undefined, "192.0.2.9", 1],
    ["login_accepted", "\\x1b[31malice", "192.0.2.7", 1],
  ]);
});

Deno.test("linuxSecurity tells of new users, administrators, sudoers, keys and setuid programs, over a restart", async () => {
  using temporary = server();
  const host = { ...temporary.host, stateDirectory: temporary.host.fs.root("/../state") };
  {
    using collector = open(host);
    assert.deepEqual((await read(collector)).events, []);
  }
  temporary.write("root/etc/passwd", `${passwd}toor:x:0:0::/home/toor:/bin/sh\n`);
  temporary.write("root/etc/group", "sudo:x:27:toor\n");
  temporary.write("root/etc/sudoers", "ALL ALL=(ALL) NOPASSWD: ALL\n");
  temporary.write("root/home/toor/.ssh/authorized_keys", `command="x y" ${key}\n`);
  temporary.write("root/home/alice/.ssh/authorized_keys", "");
  temporary.write("root/usr/bin/shell", "");
  Deno.chmodSync(host.fs.root("/usr/bin/shell"), 0o4755);
  await clock.advance(25 * 3_600_000);
  using collector = open(host);
  const { events } = await read(collector);
  assert.deepEqual(events.map(({ kind, user, detail }) => [kind, user, detail?.replace(/SHA256:\S+/, "K")]), [
    ["admin_added", "toor", "group sudo"],
    ["key_added", "toor", "K"],
    ["sudoers_changed", undefined, "/etc/sudoers"],
    ["user_added", "toor", "uid 0"],
    ["admin_removed", "alice", "group sudo"],
    ["key_removed", "alice", "K alice@laptop"],
    ["setuid_added", undefined, `/usr/bin/shell (uid ${Deno.uid()})`],
  ]);
});

Deno.test("linuxSecurity reads the records of logins where there is neither log nor journal", async () => {
  const record = (type: number, user: string, address: string) => {
    const bytes = new Uint8Array(utmpRecordBytes);
    const view = new DataView(bytes.buffer);
    view.setInt16(0, type, true);
    bytes.set(new TextEncoder().encode(user), 44);
    bytes.set(new TextEncoder().encode(address), 76);
    view.setInt32(utmpRecordBytes === 400 ? 344 : 340, 1_769_421_600, true);
    return bytes;
  };
  using temporary = temporaryHost({ "root/var/log/wtmp": "", "root/var/log/btmp": "" }, clock);
  using collector = open(temporary.host);
  await read(collector);
  temporary.write(
    "root/var/log/wtmp",
    new Uint8Array([...record(2, "reboot", ""), ...record(7, "alice", "192.0.2.7")]),
  );
  temporary.write("root/var/log/btmp", record(6, "root", "192.0.2.9").subarray(0, 100));
  const { events } = await read(collector);
  assert.deepEqual(events, [
    {
      kind: "login_accepted",
      timestamp: "2026-01-26T10:00:00.000Z",
      count: 1,
      user: "alice",
      source: "192.0.2.7",
    },
  ]);
  temporary.write("root/var/log/btmp", record(6, "root", "192.0.2.9"));
  assert.deepEqual((await read(collector)).events.map(({ kind, user }) => [kind, user]), [[
    "login_failed",
    "root",
  ]]);
});

Deno.test("parseKeys gives the fingerprint that ssh-keygen prints", async () => {
  const [one] = await parseKeys(`from="192.0.2.0/24" ${key} github.com\n`);
  assert.deepEqual(one, {
    fingerprint: "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
    comment: "github.com",
  });
  assert.deepEqual(await parseKeys("# ssh-rsa AAAAB3\n\nnonsense\n"), []);
});

componentTest(
  "journalctl",
  journalRemote,
  "linuxSecurity reads logins from the journal, and believes the kernel who wrote",
  async (remote) => {
    const folder = "/var/log/journal/5f0d2f0a9f3c4d0e8f2b0a4c1d7b6e22";
    using temporary = temporaryHost({ [`root${folder}/keep`]: "", "state/keep": "" }, systemClock);
    const host = { ...temporary.host, stateDirectory: temporary.host.fs.root("/../state") };
    const entry = (MESSAGE: string, _COMM: string) => ({
      MESSAGE,
      _COMM,
      SYSLOG_IDENTIFIER: "sshd",
      SYSLOG_FACILITY: "10",
      PRIORITY: "6",
    });
    const journal = host.fs.root(`${folder}/system.journal`);
    await writeJournal(remote, journal, [entry("Server listening", "sshd")]);
    {
      using collector = open(host);
      await waitFor("the cursor of the newest entry", async () => {
        await read(collector);
        const state = readText(`${host.stateDirectory}/security.json`);
        return state?.includes("cursor");
      });
    }
    const failed = (address: string) => `Failed password for root from ${address} port 1 ssh2`;
    await writeJournal(remote, journal, [
      entry(failed("192.0.2.1"), "logger"),
      entry(failed("192.0.2.2"), "sshd"),
    ]);
    using collector = open(host);
    const events = await waitFor("an event", async () => {
      const { events } = await read(collector);
      return events.length > 0 && events;
    });
    assert.deepEqual(events.map(({ kind, source }) => [kind, source]), [["login_failed", "192.0.2.2"]]);
  },
);
