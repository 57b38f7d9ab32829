import assert from "node:assert/strict";
import { textIn } from "./latest.ts";
import { softwareStatements, sortUpdates } from "./software.ts";

const now = Date.parse("2026-01-26T10:00:00Z");

function statements(data: Readonly<Record<string, Readonly<Record<string, unknown>>>>): string[] {
  const latest = Object.entries(data).map(([type, data]) => ({
    type,
    timestamp: "2026-01-26T10:00:00Z",
    data,
  }));
  return softwareStatements({ latest }, now).map(({ word, text, isAlarming }) =>
    `${word}: ${text.replaceAll("\u00a0", " ")}${isAlarming ? " !" : ""}`
  );
}

Deno.test("softwareStatements says nothing about what is not reported", () => {
  assert.deepEqual(statements({}), []);
  assert.deepEqual(statements({ update_list: { manager: "apk", pending: 0, updates: [] } }), [
    "Pending updates: none",
  ]);
});

Deno.test("softwareStatements marks what needs somebody", () => {
  assert.deepEqual(
    statements({
      update_list: { pending: 12, security_pending: 3, last_refresh: now / 1000 - 9 * 86_400 },
      os_status: {
        reboot_required: 1,
        newer_kernel: "6.1.0-30-amd64",
        reboot_packages: ["libc6"],
        end_of_life: "2026-01-16",
        end_of_life_days: -10,
        kernel_tainted: 4096,
        kernel_taints: ["O: an externally built module was loaded"],
        apparmor_enabled: 1,
      },
      time: { synchronized: 0, leap_second: "insert" },
    }),
    [
      "Pending updates: 12, 3 of them for security !",
      "Package lists: 9 d ago !",
      "Restart: required by 6.1.0-30-amd64, libc6 !",
      "Security support: ended 10 d ago (2026-01-16) !",
      "Clock: not synchronised; leap second today (insert) !",
      "Kernel: O: an externally built module was loaded",
      "AppArmor: on",
    ],
  );
});

Deno.test("softwareStatements of a host in order has nothing marked", () => {
  assert.deepEqual(
    statements({
      update_list: { pending: 2, security_pending: 0, last_refresh: now / 1000 - 7200 },
      os_status: {
        reboot_required: 0,
        end_of_life: "2028-06-30",
        end_of_life_days: 886,
        selinux: "enforcing",
      },
      time: { synchronized: 1, offset_seconds: -0.00032 },
    }),
    [
      "Pending updates: 2, 0 of them for security",
      "Package lists: 2 h ago",
      "Restart: not required",
      "Security support: until 2028-06-30, 886 days",
      "Clock: synchronised, off by 320 µs",
      "SELinux: enforcing",
    ],
  );
});

Deno.test("sortUpdates puts security first", () => {
  const updates = [{ name: "b" }, { name: "c", security: true }, { name: "a", security: false }];
  assert.equal(sortUpdates(updates).map((update) => textIn(update, "name")).join(" "), "c a b");
});
