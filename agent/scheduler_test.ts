import assert from "node:assert/strict";
import type { Availability, CollectorDefinition } from "../collectors/collector.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { fakeDefinition, fakeHost } from "../tests/support/fake_collector.ts";
import { startScheduler } from "./scheduler.ts";

/** 2026-01-26 10:00:02.300 UTC: no multiple of any pace. */
const start = Date.UTC(2026, 0, 26, 10, 0, 2, 300);

function setUp(definitions: readonly CollectorDefinition[], minimumIntervalMs = 0, hostname = "web-01") {
  const clock = fakeClock(start);
  const delivered: { usage: number | undefined; atMs: number }[] = [];
  const scheduler = startScheduler({
    host: fakeHost(clock),
    definitions,
    hostname,
    minimumIntervalMs,
    intervalMs: ({ intervalSeconds }) => intervalSeconds * 1_000,
    deliver(measurements, epochMs) {
      for (const { type, data } of measurements) {
        if (type === "cpu") delivered.push({ usage: data.usage, atMs: epochMs });
      }
    },
  });
  const state = (name: string) => scheduler.states().find(({ collector }) => collector === name);
  /** When the collector whose usage is `usage` delivered, relative to the start. */
  const times = (usage: number) =>
    delivered.filter((one) => one.usage === usage).map(({ atMs }) => atMs - start);
  return { clock, scheduler, delivered, state, times };
}

/** A collector that works, with this usage. */
const works = (usage: number, rest: Partial<CollectorDefinition> & { close?: () => void } = {}) =>
  fakeDefinition(`works-${usage}`, () => [{ type: "cpu", data: { usage } }], rest);

Deno.test("startScheduler collects at once and then at multiples of the pace on the wall clock", async () => {
  const { clock, scheduler, times } = setUp([works(1), works(2, { intervalSeconds: 60 })]);
  await clock.advance(60_000);
  assert.deepEqual(times(1).slice(0, 4), [0, 2_700, 7_700, 12_700]);
  assert.equal(times(1).length, 1 + 12);
  assert.deepEqual(times(2), [0, 57_700]);
  scheduler.stop();
  assert.equal(clock.pending, 0);
});

Deno.test("startScheduler spreads hosts over long intervals, each always at its own time", async () => {
  const day = 86_400_000;
  const secondRun = async (hostname: string) => {
    const { clock, scheduler, times } = setUp([works(1, { intervalSeconds: 86_400 })], 0, hostname);
    await clock.advance(2 * day);
    scheduler.stop();
    const [atOnce, second = 0, third = 0] = times(1);
    assert.equal(atOnce, 0);
    assert.equal(third - second, day);
    return second;
  };
  const seen = await Promise.all(["web-01", "web-02", "web-03", "web-01"].map(secondRun));
  assert.equal(new Set(seen).size, 3);
  assert.equal(seen[0], seen[3]);
});

Deno.test("startScheduler hurries no faster than the configured bound", async () => {
  const { clock, scheduler, times } = setUp([works(1, { intervalSeconds: 60 })], 10_000);
  assert.equal(scheduler.hurry(["cpu"], 1_000, 30_000), true);
  await clock.advance(20_000);
  assert.deepEqual(times(1), [0, 7_700, 17_700]);
  scheduler.stop();
});

Deno.test("startScheduler keeps one timer when there are many collectors", async () => {
  const { clock, scheduler } = setUp([works(1), works(2), works(3, { intervalSeconds: 60 })]);
  await clock.advance(10_000);
  assert.equal(clock.pending, 1);
  scheduler.stop();
});

Deno.test("startScheduler keeps the others on time when one throws, one hangs and one is slow", async () => {
  let slowRuns = 0;
  const { clock, scheduler, state, times } = setUp([
    fakeDefinition("throws", () => {
      throw new Error("Cannot read /proc/stat", { cause: new Error("Permission denied (os error 13)") });
    }),
    fakeDefinition("rejects", () => Promise.reject(new Error("no such device"))),
    fakeDefinition("hangs", () => new Promise(() => {})),
    fakeDefinition("slow", () => {
      slowRuns++;
      return new Promise((resolve) =>
        clock.after(1_500, () => resolve([{ type: "cpu", data: { usage: 9 } }]))
      );
    }),
    works(1),
  ]);
  await clock.advance(22_700);
  assert.deepEqual(times(1), [0, 2_700, 7_700, 12_700, 17_700, 22_700]);
  assert.deepEqual(times(9), [0, 2_700, 7_700, 12_700, 17_700]);
  assert.equal(slowRuns, 6);
  assert.equal(state("throws")?.outcome, "failed");
  assert.match(state("throws")?.detail ?? "", /Cannot read \/proc\/stat: Permission denied/);
  assert.equal(state("throws")?.failures, 6);
  assert.equal(state("rejects")?.outcome, "failed");
  assert.equal(state("hangs")?.outcome, "timeout");
  assert.equal(state("hangs")?.runs, 1, "a run that hangs is the only one of its collector");
  assert.equal(state("slow")?.outcome, "ok");
  assert.equal(state("slow")?.duration_us, 1_500_000);
  assert.deepEqual(state("works-1"), {
    collector: "works-1",
    outcome: "ok",
    duration_us: 0,
    runs: 6,
    failures: 0,
  });
  scheduler.stop();
});

Deno.test("startScheduler runs a collector again when one that hung has ended at last", async () => {
  let runs = 0;
  const { clock, scheduler, state, times } = setUp([
    fakeDefinition("hangs once", () => {
      runs++;
      if (runs > 1) return [{ type: "cpu", data: { usage: 1 } }];
      return new Promise((resolve) =>
        clock.after(12_000, () => resolve([{ type: "cpu", data: { usage: 2 } }]))
      );
    }),
  ]);
  await clock.advance(11_000);
  assert.equal(state("hangs once")?.outcome, "timeout");
  await clock.advance(4_000);
  assert.equal(state("hangs once")?.outcome, "ok");
  assert.deepEqual(times(2), [], "what came after the deadline is not sent");
  assert.deepEqual(times(1), [12_700]);
  scheduler.stop();
});

Deno.test("startScheduler makes missed times up by one run when the clock was set forward", async () => {
  const { clock, scheduler, times } = setUp([works(1)]);
  await clock.advance(5_000);
  const before = times(1).length;
  clock.setWall(clock.now() + 3_600_000);
  await clock.advance(10_000);
  assert.equal(times(1).length - before, 2);
  assert.equal(((times(1).at(-1) ?? 0) + start) % 5_000, 0, "aligned to the new time");
  scheduler.stop();
});

Deno.test("startScheduler goes on without a pause when the clock was set back", async () => {
  const { clock, scheduler, delivered } = setUp([works(1)]);
  await clock.advance(5_000);
  const before = delivered.length;
  clock.setWall(clock.now() - 3_600_000);
  await clock.advance(30_000);
  assert(delivered.length - before >= 6, `${delivered.length - before} collections in 30 s`);
  assert.equal((delivered.at(-1)?.atMs ?? 1) % 5_000, 0, "aligned to the new time");
  scheduler.stop();
});

Deno.test("startScheduler asks again every 10 min when a host lacks something, and says why", async () => {
  let availability: Availability = { status: "unsupported", reason: "no battery" };
  let asked = 0;
  const definition = works(1, {
    detect() {
      asked++;
      return availability;
    },
  });
  const { clock, scheduler, state, times } = setUp([definition]);
  await clock.advance(1_000_000);
  assert.equal(asked, 2);
  assert.equal(state("works-1")?.outcome, "unsupported");
  assert.equal(state("works-1")?.detail, "no battery");
  assert.equal(state("works-1")?.runs, 0);
  availability = { status: "available" };
  await clock.advance(600_000);
  assert.equal(state("works-1")?.outcome, "ok");
  assert(times(1).length > 10);
  scheduler.stop();
});

Deno.test("startScheduler closes a collector when its hardware is gone", async () => {
  let closed = 0;
  let availability: Availability = { status: "available" };
  const { clock, scheduler, state } = setUp([
    works(1, { detect: () => availability, close: () => void closed++ }),
  ]);
  await clock.advance(60_000);
  availability = { status: "denied", reason: "grant CAP_SYS_RAWIO" };
  await clock.advance(600_000);
  assert.equal(closed, 1);
  assert.equal(state("works-1")?.outcome, "denied");
  scheduler.stop();
  assert.equal(closed, 1);
});

Deno.test("startScheduler tries detection again at the next time when it throws", async () => {
  let asked = 0;
  const definition = works(1, {
    detect() {
      if (++asked < 3) throw new Error("broken sysfs");
      return { status: "available" };
    },
  });
  const { clock, scheduler, state } = setUp([definition]);
  await clock.advance(3_000);
  assert.equal(state("works-1")?.outcome, "failed");
  await clock.advance(5_000);
  assert.equal(state("works-1")?.outcome, "ok");
  scheduler.stop();
});

Deno.test("startScheduler hurries the collectors of a type at once and slows down by itself", async () => {
  const { clock, scheduler, times } = setUp([
    works(1),
    works(2, { types: ["memory"] }),
    works(3, { intervalSeconds: 1 }),
  ]);
  await clock.advance(3_000);
  assert.equal(scheduler.hurry(["cpu"], 2_000, 6_000), true);
  assert.equal(scheduler.hurry(["wifi"], 2_000, 6_000), false);
  await clock.advance(27_000);
  // 10:00:05.300 is when it hurries: 06, 08, 10 (due anyway), and until 11.300; then multiples of 5 s again.
  assert.deepEqual(times(1).map((ms) => ms + 2_300), [
    2_300,
    5_000,
    6_000,
    8_000,
    10_000,
    12_000,
    15_000,
    20_000,
    25_000,
    30_000,
  ]);
  assert.deepEqual(times(2).map((ms) => ms + 2_300), [2_300, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000]);
  assert.equal(times(3).length, 31, "one that is faster already is not slowed down");
  scheduler.stop();
});

Deno.test("startScheduler hurries no more than once a second", async () => {
  const { clock, scheduler, delivered } = setUp([works(1)]);
  await clock.advance(0);
  scheduler.hurry(["cpu"], 10, 60_000);
  await clock.advance(10_000);
  assert.equal(delivered.length, 11);
  scheduler.stop();
});

Deno.test("startScheduler closes every collector when it is stopped, also one that fails to", async () => {
  const closed: string[] = [];
  const { clock, scheduler } = setUp([
    works(1, {
      close() {
        throw new Error("EBADF");
      },
    }),
    works(2, { close: () => void closed.push("works-2") }),
    fakeDefinition("slow", () => new Promise((resolve) => clock.after(1_000, () => resolve([]))), {
      close: () => closed.push("slow"),
    }),
  ]);
  await clock.advance(0);
  scheduler.stop();
  assert.deepEqual(closed, ["works-2"]);
  await clock.advance(1_000);
  assert.deepEqual(closed, ["works-2", "slow"]);
  assert.equal(clock.pending, 0);
});
