import assert from "node:assert/strict";
import * as z from "zod/mini";
import { readClockState } from "../../ffi/timex.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { systemClock } from "../../lib/clock.ts";
import { osStatus } from "../../protocol/metrics/os_status.ts";
import { sessionList } from "../../protocol/metrics/session.ts";
import { time } from "../../protocol/metrics/time.ts";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import { linuxSystemExtras } from "./linux.ts";

const onLinux = Deno.build.os === "linux";
if (onLinux) readClockState(); // Loads the C library outside of the tests, which look for leaks.

const measurement = z.discriminatedUnion("type", [
  z.object({ type: z.literal("os_status"), data: osStatus }),
  z.object({ type: z.literal("session_list"), data: sessionList }),
  z.object({ type: z.literal("time"), data: time }),
]);

function read(host: Host) {
  const collector = linuxSystemExtras(host);
  try {
    return z.parse(z.array(measurement), collector.collect());
  } finally {
    collector.close?.();
  }
}

const session = `# This is private data. Do not parse.
UID=1000
USER=ada
ACTIVE=1
STATE=active
REMOTE=1
TYPE=tty
CLASS=user
TTY=pts/0
REMOTE_HOST=192.0.2.7
SERVICE=sshd
LEADER=4711
REALTIME=1795250972000001
`;

Deno.test("linuxSystemExtras reads a server that waits for its restart", () => {
  using temporary = temporaryHost({
    "proc/sys/kernel/osrelease": "6.1.0-31-amd64\n",
    "proc/sys/kernel/tainted": "4097\n",
    "proc/sys/kernel/random/entropy_avail": "256\n",
    "proc/sys/kernel/random/boot_id": "5f0d2f0a-9f3c-4d0e-8f2b-0a4c1d7b6e21\n",
    "root/etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
    "root/boot/vmlinuz-6.1.0-31-amd64": "",
    "root/boot/vmlinuz-6.1.0-32-amd64": "",
    "root/boot/vmlinuz-lts": "",
    "root/usr/lib/modules/6.1.0-40-amd64/leftover.ko": "",
    "root/run/reboot-required": "*** System restart required ***\n",
    "root/run/reboot-required.pkgs": "linux-image-6.1.0-32-amd64\nlibc6\nlibc6\n",
    "root/run/systemd/sessions/3": session,
    "root/run/systemd/sessions/3.ref": "",
    "root/run/systemd/sessions/c1": "CLASS=greeter\nUSER=gdm\n",
    "sys/fs/selinux/enforce": "0",
    "sys/module/apparmor/parameters/enabled": "Y\n",
  });
  assert.deepEqual(read(temporary.host), [
    {
      type: "os_status",
      data: {
        reboot_required: 1,
        reboot_packages: ["linux-image-6.1.0-32-amd64", "libc6"],
        newer_kernel: "6.1.0-32-amd64",
        end_of_life: "2028-06-30",
        end_of_life_days: 886,
        entropy_bits: 256,
        kernel_tainted: 4097,
        kernel_taints: ["P: a proprietary module was loaded", "O: an externally built module was loaded"],
        selinux: "permissive",
        apparmor_enabled: 1,
      },
    },
    {
      type: "session_list",
      data: {
        sessions: [{
          id: "3",
          user: "ada",
          tty: "pts/0",
          remote_host: "192.0.2.7",
          service: "sshd",
          kind: "tty",
          state: "active",
          since: 1_795_250_972.000001,
          leader_pid: 4711,
        }],
      },
    },
  ]);
});

Deno.test("linuxSystemExtras leaves out what the trees do not show, asking nothing of this machine", () => {
  using temporary = temporaryHost({ "proc/sys/kernel/tainted": "many\n" });
  assert.deepEqual(read(temporary.host), [{ type: "os_status", data: {} }]);
});

Deno.test("linuxSystemExtras asks for no restart where the newest kernel runs, nor in a container", () => {
  using temporary = temporaryHost({
    "proc/sys/kernel/osrelease": "6.1.0-31-amd64\n",
    "root/boot/vmlinuz-6.1.0-31-amd64": "",
  });
  const required = () =>
    read(temporary.host).flatMap(({ type, data }) => type === "os_status" ? [data.reboot_required] : []);
  assert.deepEqual(required(), [0]);
  temporary.write("root/boot/vmlinuz-6.1.0-32-amd64", "");
  assert.deepEqual(required(), [1]);
  temporary.write("root/.dockerenv", "");
  assert.deepEqual(required(), [undefined]);
});

Deno.test("linuxSystemExtras lists the logins of utmp where there is no logind", () => {
  using temporary = temporaryHost();
  const record = new Uint8Array(384);
  record[0] = 7;
  record.set(new TextEncoder().encode("tty1"), 8);
  record.set(new TextEncoder().encode("ada"), 44);
  temporary.write("root/run/utmp", record);
  const sessions = read(temporary.host).flatMap(({ type, data }) =>
    type === "session_list" ? data.sessions : []
  );
  assert.deepEqual(sessions, [{ id: "tty1", user: "ada", tty: "tty1", since: 0, leader_pid: 0 }]);
});

Deno.test({
  name: "linuxSystemExtras asks this machine's kernel about its clock",
  ignore: !onLinux,
  fn() {
    const measurements = read({ os: "linux", fs: hostFs(), clock: systemClock });
    assert.ok(measurements.some(({ type }) => type === "time"));
  },
});
