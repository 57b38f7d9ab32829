import assert from "node:assert/strict";
import { textIn } from "./latest.ts";
import { driveVerdict, volumeVerdict, worstFirst } from "./storage_health.ts";

Deno.test("driveVerdict believes the drive, and warnings make a healthy one a problem", () => {
  const verdicts = [
    { status: "ok", passed: true },
    { status: "failing", reason: "The drive says that it fails." },
    { status: "ok", passed: false },
    { status: "ok", warnings: ["24 sectors wait to be read again.", "24 sectors wait to be read again."] },
    { status: "sleeping", reason: "Left asleep." },
    { status: "melted" },
  ].map(driveVerdict);
  assert.deepEqual(verdicts, [
    { word: "Healthy", severity: 0, reason: "" },
    { word: "Failing", severity: 3, reason: "The drive says that it fails." },
    { word: "Failing", severity: 3, reason: "" },
    { word: "Has problems", severity: 2, reason: "24 sectors wait to be read again." },
    { word: "Asleep", severity: 0, reason: "Left asleep." },
    { word: "melted", severity: 1, reason: "" },
  ]);
});

Deno.test("volumeVerdict names the members that are not well when nothing else is said", () => {
  const members = [{ name: "sda1", state: "in_sync" }, { name: "sdb1", state: "faulty" }];
  assert.deepEqual(volumeVerdict({ health: "degraded", members }), {
    word: "Degraded",
    severity: 2,
    reason: "sdb1: faulty",
  });
  assert.equal(
    volumeVerdict({ health: "failed", detail: "2 of 3 are missing.", members }).reason,
    "2 of 3 are missing.",
  );
  assert.deepEqual(volumeVerdict({ health: "ok", members: [{ name: "c", state: "ONLINE" }] }).reason, "");
});

Deno.test("worstFirst orders by severity, then by name", () => {
  const drives = ["sdb ok", "sdc failing", "sda10 ok", "sda2 ok", "sdd unreadable"].map((text) => {
    const [device, status] = text.split(" ");
    return { device, status };
  });
  assert.equal(
    worstFirst(drives, driveVerdict, "device").map(({ fields }) => textIn(fields, "device")).join(" "),
    "sdc sdd sda2 sda10 sdb",
  );
});
