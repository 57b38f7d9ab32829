import assert from "node:assert/strict";
import { daysUntil, endOfLifeOf } from "./end_of_life.ts";
import { newerKernel } from "./kernel_release.ts";
import { taintsOf } from "./taint.ts";
import { timeOf } from "./time.ts";

for (
  const [id, versionId, supportEnd, expected] of [
    ["debian", "12", undefined, "2028-06-30"],
    ["rocky", "9.4", undefined, "2032-05-31"],
    ["rhel", "10.0", undefined, "2035-05-31"],
    ["alpine", "3.19.1", undefined, "2025-11-01"],
    ["alpine", "3.1", undefined, undefined],
    ["amzn", "2", undefined, "2026-06-30"],
    ["amzn", "2023", "2029-06-30", "2029-06-30"],
    ["fedora", "99", "2031-05-01", "2031-05-01"],
    ["fedora", "99", "soon", undefined],
    ["ubuntu", "24.04", undefined, "2029-05-31"],
    ["opensuse-leap", "15.6", undefined, "2026-04-30"],
    ["arch", undefined, undefined, undefined],
    ["constructor", "1", undefined, undefined],
  ] as const
) {
  Deno.test(`endOfLifeOf gives ${expected ?? "nothing"} for ${id} ${versionId ?? ""} ${supportEnd ?? ""}`, () => {
    const release = {
      id,
      ...(versionId === undefined ? {} : { versionId }),
      ...(supportEnd === undefined ? {} : { supportEnd }),
    };
    assert.equal(endOfLifeOf(release), expected);
  });
}

Deno.test("daysUntil counts the last day itself as 0 and days after it as negative", () => {
  const noon = Date.UTC(2026, 0, 26, 12);
  const days = ["2026-01-25", "2026-01-26", "2026-01-27", "2027-01-26"].map((day) => daysUntil(day, noon));
  assert.deepEqual(days, [-1, 0, 1, 365]);
  assert.equal(daysUntil("2026-13-45", noon), undefined);
});

for (
  const [running, installed, expected] of [
    ["6.1.0-31-amd64", ["6.1.0-29-amd64", "6.1.0-31-amd64"], undefined],
    ["6.1.0-31-amd64", ["6.1.0-100-amd64", "6.1.0-32-amd64"], "6.1.0-100-amd64"],
    ["6.1.0-31-amd64", ["6.1.0-32-cloud-amd64", "6.12.1-rt-amd64"], undefined],
    ["5.14.0-427.el9_4.x86_64", ["5.14.0-427.8.1.el9_4.x86_64"], "5.14.0-427.8.1.el9_4.x86_64"],
    ["5.14.0-427.8.1.el9_4.x86_64", ["5.14.0-427.el9_4.x86_64"], undefined],
    ["6.8.5-301.fc40.x86_64", ["6.11.4-301.fc41.x86_64"], "6.11.4-301.fc41.x86_64"],
    ["6.6.31+rpt-rpi-v8", ["6.6.62+rpt-rpi-2712"], undefined],
    ["6.9.1-arch1-1", ["6.10.2-arch1-2"], "6.10.2-arch1-2"],
    ["", ["6.1.0"], "6.1.0"],
  ] as const
) {
  Deno.test(`newerKernel gives ${expected ?? "nothing"} when ${running || "nothing"} runs beside ${installed}`, () => {
    assert.equal(newerKernel(running, installed), expected);
  });
}

Deno.test("taintsOf decodes the kernel's own example, and bits of newer kernels by number", () => {
  assert.deepEqual(taintsOf(4609).map((taint) => taint[0]), ["P", "W", "O"]);
  assert.deepEqual(taintsOf(0), []);
  assert.deepEqual(taintsOf(2 ** 40), ["?: bit 40"]);
});

const clock = { offsetSeconds: 0.002, estimatedErrorSeconds: 0.001, frequencyPpm: 3, taiOffsetSeconds: 37 };

Deno.test("timeOf calls a clock synchronised as timedatectl does, whatever the flag says", () => {
  assert.deepEqual(timeOf({ ...clock, state: 0, maxErrorSeconds: 0.1, status: 0x2001 }), {
    synchronized: 1,
    offset_seconds: 0.002,
    estimated_error_seconds: 0.001,
    max_error_seconds: 0.1,
    frequency_ppm: 3,
    tai_offset_seconds: 37,
  });
  assert.equal(timeOf({ ...clock, state: 5, maxErrorSeconds: 0.1, status: 0x40 }).synchronized, 1);
});

Deno.test("timeOf gives no offset of a clock that nobody keeps, and announces leap seconds", () => {
  const lost = timeOf({ ...clock, state: 5, maxErrorSeconds: 16, status: 0x40 });
  assert.equal(lost.synchronized, 0);
  assert.equal(lost.offset_seconds, undefined);
  assert.equal(timeOf({ ...clock, state: 1, maxErrorSeconds: 0.1, status: 0x11 }).leap_second, "insert");
});
