import assert from "node:assert/strict";
import type { Finding } from "./event.ts";
import { readLoginMessage } from "./login_messages.ts";
import { loginsOf } from "./logins.ts";

const rows: readonly (readonly [process: string, message: string, expected: object | undefined])[] = [
  ["sshd", "Accepted publickey for root from 192.0.2.7 port 50022 ssh2: ED25519 SHA256:abc", {
    kind: "login_accepted",
    user: "root",
    source: "192.0.2.7",
    detail: "publickey ED25519 SHA256:abc",
  }],
  ["sshd-session", "Accepted password for alice from 2001:db8::1 port 50022 ssh2", {
    kind: "login_accepted",
    user: "alice",
    source: "2001:db8::1",
    detail: "password",
  }],
  ["sshd", "Failed password for root from 192.0.2.7 port 50022 ssh2", {
    kind: "login_failed",
    user: "root",
    source: "192.0.2.7",
    detail: "password",
  }],
  ["sshd", "Failed password for invalid user root from 10.0.0.1 port 1 ssh2 from 192.0.2.7 port 22 ssh2", {
    kind: "login_failed",
    user: "root from 10.0.0.1 port 1 ssh2",
    source: "192.0.2.7",
    detail: "password, no such user",
    attempt: "continued",
  }],
  ["sshd", "Invalid user  from 192.0.2.7 port 50022", {
    kind: "login_failed",
    user: "",
    source: "192.0.2.7",
    detail: "no such user",
    attempt: "begun",
  }],
  ["sshd", "message repeated 2 times: [ Failed password for root from 192.0.2.7 port 50022 ssh2]", {
    kind: "login_failed",
    user: "root",
    source: "192.0.2.7",
    detail: "password",
    count: 2,
  }],
  ["sudo", "    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt update", {
    kind: "privilege_used",
    user: "alice",
    detail: "as root: /usr/bin/apt update",
  }],
  ["sudo", "alice : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", {
    kind: "login_failed",
    user: "alice",
    detail: "sudo /bin/sh",
    count: 3,
  }],
  ["sudo", "bob : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/sh", {
    kind: "privilege_refused",
    user: "bob",
    detail: "user NOT in sudoers: /bin/sh",
  }],
  ["su", "(to root) alice on pts/0", { kind: "privilege_used", user: "alice", detail: "as root" }],
  ["su", "FAILED SU (to root) alice on pts/0", { kind: "login_failed", user: "alice", detail: "as root" }],
  ["su", "Successful su for root by alice", { kind: "privilege_used", user: "alice", detail: "as root" }],
  ["login", "FAILED LOGIN (1) on '/dev/tty1' FOR 'root', Authentication failure", {
    kind: "login_failed",
    user: "root",
    detail: "on /dev/tty1",
  }],
  ["login", "ROOT LOGIN ON tty1", { kind: "login_accepted", user: "root", detail: "on tty1" }],
  ["login", "LOGIN ON tty1 BY alice FROM 192.0.2.7", {
    kind: "login_accepted",
    user: "alice",
    source: "192.0.2.7",
    detail: "on tty1",
  }],
  [
    "gdm-password]",
    "pam_unix(gdm-password:auth): authentication failure; logname= uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=alice",
    { kind: "login_failed", user: "alice" },
  ],
  ["gdm-password", "pam_unix(gdm-password:session): session opened for user alice(uid=1000) by (uid=0)", {
    kind: "login_accepted",
    user: "alice",
  }],
  ["sshd", "Connection closed by 192.0.2.7 port 50022 [preauth]", undefined],
  [
    "sshd",
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
    undefined,
  ],
  ["cron", "Failed password for root from 192.0.2.7 port 50022 ssh2", undefined],
];

Deno.test("readLoginMessage reads what services write about logins", () => {
  for (const [process, message, expected] of rows) {
    const fact = readLoginMessage({ timestampMs: 0, process, message });
    if (fact === undefined) assert.equal(expected, undefined, message);
    else {
      const { service, ...rest } = fact;
      assert.deepEqual(rest, expected, message);
      assert.equal(typeof service, "string");
    }
  }
});

const failed = (timestampMs: number, pid: number, message: string) => ({
  timestampMs,
  process: "sshd",
  pid,
  message,
});
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

Deno.test("loginsOf counts an attempt that sshd tells of twice once", () => {
  const logins = loginsOf({ attempts: 10, minutes: 5 });
  const again = "Failed password for invalid user x from 192.0.2.7 port 1 ssh2";
  assert.equal(logins.read(failed(0, 7, "Invalid user x from 192.0.2.7 port 1")).length, 1);
  assert.equal(logins.read(failed(1, 7, again)).length, 0);
  assert.equal(logins.read(failed(2, 7, again)).length, 1);
  assert.equal(logins.read(failed(2, 8, again)).length, 1);
});

Deno.test("loginsOf reports a source that fails often, once until it pauses", () => {
  const logins = loginsOf({ attempts: 3, minutes: 1 });
  const attempt = (timestampMs: number, source: string) =>
    kinds(
      logins.read(failed(timestampMs, timestampMs, `Failed password for root from ${source} port 1 ssh2`)),
    );
  assert.deepEqual(attempt(0, "a"), ["login_failed"]);
  assert.deepEqual(attempt(50_000, "a"), ["login_failed"]);
  assert.deepEqual(attempt(70_000, "a"), ["login_failed"], "the first is too long ago");
  assert.deepEqual(attempt(70_000, "b"), ["login_failed"]);
  assert.deepEqual(attempt(71_000, "a"), ["login_failed", "brute_force"]);
  assert.deepEqual(attempt(72_000, "a"), ["login_failed"]);
  for (const time of [300_000, 300_001]) attempt(time, "a");
  assert.deepEqual(attempt(300_002, "a"), ["login_failed", "brute_force"]);
});
