import assert from "node:assert/strict";
import * as latest from "./latest.ts";

const at = (second: number) => `2026-01-26T10:00:0${second}Z`;
const host = {
  latest: [
    { type: "system", timestamp: at(1), data: { uptime: 1 } },
    { type: "system", timestamp: at(3), data: { uptime: 3 } },
    { type: "disk_list", timestamp: at(2), data: { disks: [{ mountpoint: "/" }, null, "x", []] } },
    { type: "disk", timestamp: at(2), data: { mountpoint: "/v1" } },
    { type: "network_list", timestamp: at(2), data: { interfaces: "none" } },
  ],
};

Deno.test("latestOf gives the newest data of a type, or nothing", () => {
  assert.deepEqual(latest.latestOf(host, "system"), { uptime: 3 });
  assert.deepEqual(latest.latestOf(host, "gpu"), {});
});

Deno.test("elementsOf gives the elements of the list and those sent one by one, leaving out what is no element", () => {
  const disks = latest.elementsOf(host, "disk_list", "disks", "disk");
  assert.deepEqual(disks, [{ mountpoint: "/" }, { mountpoint: "/v1" }]);
  assert.deepEqual(latest.elementsOf(host, "network_list", "interfaces", "network"), []);
});

Deno.test("textIn, textsIn, numberIn and flagIn take only what is of their kind", () => {
  const data = { text: "a", empty: "", number: 0, flag: true, other: null };
  assert.equal(latest.textIn(data, "text"), "a");
  assert.equal(latest.textIn(data, "empty"), undefined);
  assert.equal(latest.textIn(data, "number"), undefined);
  assert.deepEqual(latest.textsIn({ list: ["a", 1, null, "b"] }, "list"), ["a", "b"]);
  assert.deepEqual(latest.textsIn(data, "text"), []);
  assert.equal(latest.numberIn(data, "number"), 0);
  assert.equal(latest.numberIn(data, "text"), undefined);
  assert.equal(latest.flagIn(data, "flag"), true);
  assert.equal(latest.flagIn(data, "text"), false);
});

Deno.test("newestAt is the time of the newest envelope, or undefined when there is none", () => {
  assert.equal(latest.newestAt(host), Date.parse(at(3)));
  assert.equal(latest.newestAt({ latest: [] }), undefined);
});

Deno.test("joinedTexts and allTexts take texts only", () => {
  const data = { model: "X", pid: 7, serial: "S1", list: ["a"], empty: "" };
  assert.equal(latest.joinedTexts(data, ["serial", "pid", "absent", "model"]), "S1, X");
  assert.equal(latest.joinedTexts(data, ["serial", "model"], " "), "S1 X");
  assert.equal(latest.allTexts({ a: "one", b: 2, c: "two" }), "one\ntwo");
});
