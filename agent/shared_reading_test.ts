import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { fakeDefinition, fakeHost } from "../tests/support/fake_collector.ts";
import { sharedReading } from "./shared_reading.ts";

/** Readings of an interval of 3 s and a deadline of 2 s stand for 5 s. */
const measured = (usage: number) => [{ type: "cpu", data: { usage } } as const];

/** A collector whose instances number their readings, as one that keeps a delta base does. */
function setUp(rest: Parameters<typeof fakeDefinition>[2] = {}) {
  const clock = fakeClock();
  let instances = 0;
  let closed = 0;
  const definition = fakeDefinition("counts", () => [], {
    create() {
      const instance = ++instances;
      let readings = 0;
      return { collect: () => measured(instance * 100 + ++readings), close: () => closed++ };
    },
    ...rest,
  });
  return {
    clock,
    reading: sharedReading(definition, fakeHost(clock), 3_000),
    counts: () => ({ instances, closed }),
  };
}

Deno.test("sharedReading gives what the scheduler measured, with its age, as long as it is fresh", async () => {
  const { clock, reading, counts } = setUp();
  reading.offer(measured(1));
  await clock.advance(5_000);
  assert.deepEqual(await reading.read(), {
    collector: "counts",
    outcome: "ok",
    measurements: measured(1),
    ageMs: 5_000,
  });
  assert.equal(counts().instances, 0);
});

Deno.test("sharedReading reads through one instance of its own when what it has is old", async () => {
  const { clock, reading, counts } = setUp();
  reading.offer(measured(1));
  await clock.advance(5_001);
  assert.deepEqual((await reading.read()).measurements, measured(101));
  await clock.advance(5_000);
  assert.deepEqual((await reading.read()).measurements, measured(101), "still fresh");
  await clock.advance(1);
  assert.deepEqual((await reading.read()).measurements, measured(102), "the same instance");
  reading.close();
  assert.deepEqual(counts(), { instances: 1, closed: 1 });
});

Deno.test("sharedReading runs once for all that ask at the same time", async () => {
  const gate = Promise.withResolvers<void>();
  let runs = 0;
  const { reading } = setUp({
    create: () => ({
      async collect() {
        await gate.promise;
        return measured(++runs);
      },
    }),
  });
  const all = [reading.read(), reading.read(), reading.read()];
  gate.resolve();
  for (const result of await Promise.all(all)) assert.deepEqual(result.measurements, measured(1));
});

Deno.test("sharedReading does not ask again while a collector hangs, and closes it when it ends", async () => {
  const gate = Promise.withResolvers<void>();
  let closed = 0;
  const { clock, reading } = setUp({
    create: () => ({
      async collect() {
        await gate.promise;
        return [];
      },
      close: () => closed++,
    }),
  });
  const first = reading.read();
  await clock.advance(2_000);
  assert.equal((await first).outcome, "timeout");
  assert.match((await reading.read()).detail ?? "", /has not ended/);
  reading.close();
  assert.equal(closed, 0);
  gate.resolve();
  await clock.advance(0);
  assert.equal(closed, 1);
});

Deno.test("sharedReading says why when a host lacks or denies something, or the collector fails", async () => {
  const lacks = setUp({ detect: () => ({ status: "unsupported", reason: "no battery" }) });
  assert.equal((await lacks.reading.read()).detail, "no battery");
  const fails = setUp({
    create() {
      throw new Error("Cannot read it");
    },
  });
  assert.deepEqual([(await fails.reading.read()).outcome, (await fails.reading.read()).detail], [
    "failed",
    "Cannot read it",
  ]);
});
