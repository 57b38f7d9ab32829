import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { fakeDefinition, fakeHost } from "../tests/support/fake_collector.ts";
import { collectOnce, runCollector } from "./collect.ts";

Deno.test("collectOnce gives the second of two readings a second apart, and closes the collectors", async () => {
  const clock = fakeClock();
  let readings = 0;
  let closed = 0;
  const counts = fakeDefinition("counts", () => [{ type: "cpu", data: { usage: ++readings } }], {
    close: () => closed++,
  });
  const collected = collectOnce([counts], fakeHost(clock), "web-01");
  await clock.advance(1_000);
  assert.deepEqual(await collected, {
    envelopes: [{
      type: "cpu",
      data: { usage: 2 },
      timestamp: "2026-01-26T10:00:01.000Z",
      hostname: "web-01",
    }],
    problems: [],
  });
  assert.equal(closed, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("collectOnce says why when collectors fail, hang, lack something or may not", async () => {
  const clock = fakeClock();
  const collected = collectOnce(
    [
      fakeDefinition("fails", () => {
        throw new Error("Cannot read /proc/stat");
      }),
      fakeDefinition("hangs", () => new Promise(() => {})),
      fakeDefinition("lacks", () => [], { detect: () => ({ status: "unsupported", reason: "no battery" }) }),
      fakeDefinition("may not", () => [], {
        detect: () => ({ status: "denied", reason: "grant CAP_NET_ADMIN" }),
      }),
      fakeDefinition("cannot tell", () => [], {
        detect() {
          throw new Error("broken sysfs");
        },
      }),
      fakeDefinition("works", () => [{ type: "cpu", data: { usage: 1 } }]),
    ],
    fakeHost(clock),
    "web-01",
  );
  await clock.advance(60_000);
  const { envelopes, problems } = await collected;
  assert.equal(envelopes.length, 1);
  const byName = problems.map(({ collector, outcome, detail }) => [collector, outcome, detail]);
  assert.deepEqual(byName.sort(), [
    ["cannot tell", "failed", "broken sysfs"],
    ["fails", "failed", "Cannot read /proc/stat"],
    ["hangs", "timeout", "Collector hangs did not finish within 2000 ms"],
    ["lacks", "unsupported", "no battery"],
    ["may not", "denied", "grant CAP_NET_ADMIN"],
  ]);
});

Deno.test("collectOnce runs and gives only what was asked for when types are named", async () => {
  const clock = fakeClock();
  const collected = collectOnce(
    [
      fakeDefinition("both", () => [{ type: "cpu", data: {} }, { type: "memory", data: {} }], {
        types: ["cpu", "memory"],
      }),
      fakeDefinition("other", () => assert.fail("was not asked for"), { types: ["system"] }),
    ],
    fakeHost(clock),
    "web-01",
    { types: ["memory"] },
  );
  await clock.advance(1_000);
  assert.deepEqual((await collected).envelopes.map(({ type }) => type), ["memory"]);
});

Deno.test("runCollector tells when a collector that was late has ended", async () => {
  const clock = fakeClock();
  const definition = fakeDefinition(
    "late",
    () => new Promise((_, reject) => clock.after(9_000, () => reject("EIO"))),
  );
  const run = runCollector(definition, definition.create(fakeHost(clock)), clock);
  await clock.advance(2_000);
  const { outcome, ended } = await run;
  assert.equal(outcome, "timeout");
  let hasEnded = false;
  void ended?.then(() => hasEnded = true);
  await clock.advance(6_999);
  assert.equal(hasEnded, false);
  await clock.advance(1);
  assert.equal(hasEnded, true);
});

Deno.test("collectOnce gives each collector its settings", async () => {
  const clock = fakeClock();
  const seen: unknown[] = [];
  const definition = fakeDefinition("configured", () => [], {
    create(_, settings) {
      seen.push(settings);
      return { collect: () => [] };
    },
  });
  const settings = { configured: { used: "free" }, other: {} };
  const collected = collectOnce([definition], fakeHost(clock), "web-01", { settings });
  await clock.advance(1_000);
  await collected;
  assert.deepEqual(seen, [settings.configured]);
});
