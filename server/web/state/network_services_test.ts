import assert from "node:assert/strict";
import { numberIn, textIn } from "./latest.ts";
import { certificateState, checkWord, portCounts, sortChecks, sortPorts } from "./network_services.ts";

const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");

Deno.test("sortPorts puts what breaks a rule first, then by port", () => {
  const ports = [
    { port: 8080, address: "::", listening: true },
    { port: 443, address: "0.0.0.0", listening: false, violation: "must listen" },
    { port: 22, address: "::", listening: true },
    { port: 22, address: "0.0.0.0", listening: true },
  ];
  assert.deepEqual(sortPorts(ports).map((port) => [numberIn(port, "port"), textIn(port, "address")]), [
    [443, "0.0.0.0"],
    [22, "::"],
    [22, "0.0.0.0"],
    [8080, "::"],
  ]);
  assert.equal(portCounts(ports), "1 against the rules, 3 listening");
  assert.equal(portCounts(ports.slice(2)), "2 listening");
});

Deno.test("sortChecks and checkWord put failing checks first, then those that could not be made", () => {
  const checks = sortChecks([
    { name: "b", ok: true },
    { name: "ping" },
    { name: "a", ok: true },
    { name: "web", ok: false, consecutive_failures: 3 },
    { name: "dns", ok: false, consecutive_failures: 1 },
  ]);
  assert.deepEqual(checks.map((check) => `${textIn(check, "name")}: ${checkWord(check)}`), [
    "dns: failing",
    "web: failing, 3 times in a row",
    "ping: not made",
    "a: OK",
    "b: OK",
  ]);
});

Deno.test("certificateState alarms two weeks before the end", () => {
  const state = (days: number) => certificateState({ certificate_days_left: days });
  assert.equal(certificateState({}), undefined);
  assert.deepEqual([plain(state(80)?.word), state(80)?.isAlarming], ["80 d", false]);
  assert.deepEqual([plain(state(14)?.word), state(14)?.isAlarming], ["14 d", true]);
  assert.deepEqual([plain(state(-3)?.word), state(-3)?.isAlarming], ["expired 3 d ago", true]);
});
