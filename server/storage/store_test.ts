import assert from "node:assert/strict";
import { systemClock } from "../../lib/clock.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import type { NewBatch } from "./batches_table.ts";
import { OperationError } from "./rpc.ts";
import { createGroupCommit, openStore } from "./store.ts";

function batch(bytes = 2): NewBatch {
  return {
    agentId: "agent-1",
    batchId: undefined,
    receivedMs: 1000,
    firstMs: 900,
    lastMs: 1000,
    clockOffsetMs: 0,
    encoding: "identity",
    body: new Uint8Array(bytes),
  };
}

/** A commit that a test lets finish or fail. */
function manualCommit() {
  const groups: { batches: readonly NewBatch[]; done: PromiseWithResolvers<(number | undefined)[]> }[] = [];
  return {
    groups,
    commit(batches: readonly NewBatch[]) {
      const done = Promise.withResolvers<(number | undefined)[]>();
      groups.push({ batches, done });
      return done.promise;
    },
  };
}

Deno.test("a batch is committed at once when nothing was committed lately, what comes meanwhile shares the next", async () => {
  const clock = fakeClock();
  const { groups, commit } = manualCommit();
  const group = createGroupCommit(clock, commit);
  const first = group.append(batch());
  assert.equal(groups.length, 1);
  const later = [group.append(batch()), group.append(batch())];
  assert.equal(groups.length, 1, "one commit at a time");
  groups[0]?.done.resolve([1]);
  assert.deepEqual(await first, { status: "stored", id: 1 });
  await clock.advance(19);
  assert.equal(groups.length, 1, "gathering");
  await clock.advance(1);
  assert.equal(groups[1]?.batches.length, 2);
  groups[1]?.done.resolve([2, undefined]);
  assert.deepEqual(await Promise.all(later), [{ status: "stored", id: 2 }, { status: "duplicate" }]);
});

Deno.test("a large group does not wait", async () => {
  const clock = fakeClock();
  const { groups, commit } = manualCommit();
  const group = createGroupCommit(clock, commit);
  const first = group.append(batch());
  groups[0]?.done.resolve([1]);
  await first;
  await clock.advance(0);
  void group.append(batch(600_000));
  assert.equal(groups.length, 1);
  void group.append(batch(600_000));
  assert.equal(groups[1]?.batches.length, 2);
});

Deno.test("a group has at most 1,000 batches; the rest follows", async () => {
  const { groups, commit } = manualCommit();
  const group = createGroupCommit(fakeClock(), commit);
  const appended = Array.from({ length: 4200 }, () => group.append(batch()));
  const settled = group.settled();
  for (let index = 0; index < 6; index++) {
    groups[index]?.done.resolve(groups[index]?.batches.map(() => 7) ?? []);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await settled;
  assert.deepEqual(groups.map(({ batches }) => batches.length), [1, 1000, 1000, 1000, 1000, 199]);
  assert.ok((await Promise.all(appended)).every(({ status }) => status === "stored"));
});

Deno.test("a full disk is an outcome, and the next batch is tried again", async () => {
  const clock = fakeClock();
  let full = true;
  const group = createGroupCommit(
    clock,
    () => full ? Promise.reject(new OperationError("no room", "SQLITE_FULL")) : Promise.resolve([1]),
  );
  assert.deepEqual(await group.append(batch()), { status: "full" });
  full = false;
  const appended = group.append(batch());
  await clock.advance(20);
  assert.deepEqual(await appended, { status: "stored", id: 1 });
});

Deno.test("another failure of the database rejects every batch of the group", async () => {
  const group = createGroupCommit(
    fakeClock(),
    () => Promise.reject(new OperationError("broken", "SQLITE_IOERR")),
  );
  await assert.rejects(group.append(batch()), OperationError);
});

Deno.test("batches are refused when too much waits", async () => {
  const { commit } = manualCommit();
  const group = createGroupCommit(fakeClock(), commit);
  void group.append(batch());
  void group.append(batch(60 * 1024 * 1024));
  assert.deepEqual(await group.append(batch(8 * 1024 * 1024)), { status: "busy" });
});

Deno.test("openStore() keeps batches over a restart, and close() writes what waits", async () => {
  const directory = await Deno.makeTempDir();
  const fail = (error: Error) => {
    throw error;
  };
  const store = await openStore(directory, systemClock, fail);
  const appended = Promise.all([store.append(batch()), store.append(batch()), store.append(batch())]);
  await store.close();
  assert.deepEqual((await appended).map(({ status }) => status), ["stored", "stored", "stored"]);

  const again = await openStore(directory, systemClock, fail);
  assert.equal(again.alive, true);
  assert.equal((await again.run("listBatchesAfter", { id: 0, limit: 10 })).length, 3);
  await again.close();
  await Deno.remove(directory, { recursive: true });
});

Deno.test("openStore() fails when the databases can't be opened", async () => {
  const directory = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${directory}/control.db`,
    "this is no database, and long enough to be looked at".repeat(99),
  );
  await assert.rejects(openStore(directory, systemClock, () => {}), /control\.db.*not a database/);
  await Deno.remove(directory, { recursive: true });
});
