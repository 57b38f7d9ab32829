import assert from "node:assert/strict";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { controlStore } from "../tests/support/control_store.ts";
import { maintain, maintenance } from "./maintenance.ts";

Deno.test("maintain() deletes what is too old in steps, and goes on after a failure", async () => {
  const clock = fakeClock();
  const store = await controlStore();
  const stop = new AbortController();
  const batch = (ageMs: number) => ({
    agentId: "agent-1",
    batchId: undefined,
    receivedMs: clock.now() - ageMs,
    firstMs: 0,
    lastMs: 0,
    clockOffsetMs: 0,
    encoding: "identity",
    body: new Uint8Array(2),
  });
  const old = Array.from({ length: maintenance.stepBatches + 5 }, () => batch(maintenance.keptMs));
  await store.run("appendBatches", [...old, batch(0)]);
  let deletions = 0;
  let saves = 0;
  store.before = (operation) => {
    if (operation === "deleteBatchesBefore" && ++deletions === 1) throw new Error("no room");
  };
  const ended = maintain({
    clock,
    store,
    agents: { saveLastSeen: () => Promise.resolve() },
    persistence: {
      save() {
        saves++;
        return Promise.resolve();
      },
    },
    signal: stop.signal,
  });
  await clock.advance(maintenance.retentionMs + 100);
  assert.equal((await store.run("listBatchesAfter", { id: 0, limit: 1000 })).length, old.length + 1);
  await clock.advance(maintenance.retentionMs);
  assert.deepEqual((await store.run("listBatchesAfter", { id: 0, limit: 10 })).map(({ id }) => id), [
    old.length + 1,
  ]);
  assert.equal(saves, 4);
  stop.abort();
  await ended;
  assert.equal(clock.pending, 0);
  await store.close();
});
