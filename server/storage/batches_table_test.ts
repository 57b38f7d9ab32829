import assert from "node:assert/strict";
import { join } from "node:path";
import { errorChain } from "../../lib/log.ts";
import { gzip } from "../../transport/codec.ts";
import { type BatchRow, type NewBatch, readBatchesInRange } from "./batches_table.ts";
import { type Databases, openDatabases } from "./database.ts";
import { maxAboveFloor, maxEpochsPerAgent } from "./dedup.ts";
import { createOperations } from "./operations.ts";

type Operations = ReturnType<typeof createOperations>;

async function withDatabases(test: (operations: Operations, databases: Databases) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  const databases = await openDatabases(directory);
  try {
    await test(createOperations(databases), databases);
  } finally {
    databases.control.close();
    databases.metrics.close();
    await Deno.remove(directory, { recursive: true });
  }
}

function batch(overrides: Partial<NewBatch> = {}): NewBatch {
  return {
    agentId: "agent-1",
    batchId: undefined,
    receivedMs: 1000,
    firstMs: 900,
    lastMs: 1000,
    clockOffsetMs: 0,
    encoding: "identity",
    body: new TextEncoder().encode("[]"),
    ...overrides,
  };
}

const numbered = (sequence: number, epoch = "epoch-1", agentId = "agent-1") =>
  batch({ agentId, batchId: { epoch, sequence } });

async function rows(databases: Databases, table: "received" | "watermarks"): Promise<unknown[][]> {
  const columns = table === "received" ? "epoch, sequence" : "epoch, floor";
  const result = await databases.metrics.execute(`SELECT ${columns} FROM ${table} ORDER BY 1, 2`);
  return result.rows.map((row) => Object.values(row));
}

Deno.test("appendBatches() stores bytes as they are, and lists them in order", () =>
  withDatabases(async (operations) => {
    const body = await gzip(crypto.getRandomValues(new Uint8Array(50_000)));
    const ids = await operations.appendBatches([
      batch({ body, encoding: "gzip" }),
      batch({ clockOffsetMs: -7 }),
    ]);
    assert.deepEqual(ids, [1, 2]);
    const [first, second] = await operations.listBatchesAfter({ id: 0, limit: 10 });
    assert.deepEqual(first?.body, body);
    assert.deepEqual(second, {
      id: 2,
      agentId: "agent-1",
      receivedMs: 1000,
      firstMs: 900,
      lastMs: 1000,
      clockOffsetMs: -7,
      encoding: "identity",
      body: new TextEncoder().encode("[]"),
    });
  }));

Deno.test("appendBatches() stores a batch once, within one commit and over several", () =>
  withDatabases(async (operations, databases) => {
    assert.deepEqual(await operations.appendBatches([numbered(1), numbered(1), numbered(2)]), [
      1,
      undefined,
      2,
    ]);
    assert.deepEqual(await operations.appendBatches([numbered(2), numbered(1)]), [undefined, undefined]);
    assert.deepEqual(
      await createOperations(databases).appendBatches([numbered(2)]),
      [undefined],
      "after a restart",
    );
    assert.deepEqual(
      await operations.appendBatches([numbered(1, "epoch-2"), numbered(1, "epoch-1", "agent-2")]),
      [
        3,
        4,
      ],
    );
  }));

Deno.test("appendBatches() keeps no list for an agent that sends in order, and drops it once a hole is filled", () =>
  withDatabases(async (operations, databases) => {
    for (let sequence = 1; sequence <= 20; sequence++) await operations.appendBatches([numbered(sequence)]);
    assert.deepEqual(await rows(databases, "received"), []);
    assert.deepEqual(await rows(databases, "watermarks"), [["epoch-1", 20]]);
    await operations.appendBatches([numbered(23)]);
    await operations.appendBatches([numbered(22)]);
    assert.deepEqual(await rows(databases, "received"), [["epoch-1", 22], ["epoch-1", 23]]);
    await operations.appendBatches([numbered(21)]);
    assert.deepEqual(await rows(databases, "received"), []);
    assert.deepEqual(await rows(databases, "watermarks"), [["epoch-1", 23]]);
    assert.deepEqual(await operations.appendBatches([numbered(22)]), [undefined]);
  }));

Deno.test("appendBatches() gives a hole up when too much is listed above it", () =>
  withDatabases(async (operations, databases) => {
    const sequences = Array.from({ length: maxAboveFloor + 1 }, (_, index) => index + 10);
    for (let at = 0; at < sequences.length; at += 2000) {
      await operations.appendBatches(sequences.slice(at, at + 2000).map((sequence) => numbered(sequence)));
    }
    assert.deepEqual(await rows(databases, "received"), []);
    assert.deepEqual(await rows(databases, "watermarks"), [["epoch-1", maxAboveFloor + 10]]);
  }));

Deno.test("appendBatches() forgets the epochs of an agent that were not used for longest", () =>
  withDatabases(async (operations, databases) => {
    for (let epoch = 0; epoch < maxEpochsPerAgent + 5; epoch++) {
      const receivedMs = 1000 + epoch;
      await operations.appendBatches([{ ...numbered(7, `epoch-${100 + epoch}`), receivedMs }]);
    }
    const kept = await rows(databases, "watermarks");
    assert.equal(kept.length, maxEpochsPerAgent);
    assert.deepEqual(kept[0], ["epoch-105", 0]);
    assert.equal((await rows(databases, "received")).length, maxEpochsPerAgent);
  }));

Deno.test("appendBatches() leaves neither data nor mark behind when the transaction fails", () =>
  withDatabases(async (operations, databases) => {
    await databases.metrics.execute(
      "CREATE TRIGGER fail BEFORE INSERT ON batches BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    await assert.rejects(operations.appendBatches([numbered(1), numbered(3)]));
    assert.deepEqual(await rows(databases, "watermarks"), []);
    await databases.metrics.execute("DROP TRIGGER fail");
    assert.deepEqual(await operations.appendBatches([numbered(1), numbered(3)]), [1, 2]);
    assert.deepEqual(await rows(databases, "received"), [["epoch-1", 3]]);
  }));

Deno.test("appendBatches() fails with SQLITE_FULL when there is no room, and works again when there is", () =>
  withDatabases(async (operations, { metrics }) => {
    await metrics.execute("PRAGMA max_page_count=20");
    const large = { ...numbered(1), body: new Uint8Array(1_000_000) };
    await assert.rejects(operations.appendBatches([large]), { code: "SQLITE_FULL" });
    await metrics.execute("PRAGMA max_page_count=1000000");
    assert.deepEqual(await operations.appendBatches([large]), [1]);
  }));

Deno.test("deleteBatchesBefore() deletes in steps from the oldest, and ids are never used again", () =>
  withDatabases(async (operations) => {
    await operations.appendBatches([
      batch({ receivedMs: 1 }),
      batch({ receivedMs: 2 }),
      batch({ receivedMs: 3 }),
    ]);
    assert.equal(await operations.deleteBatchesBefore({ receivedMs: 3, limit: 1 }), 1);
    assert.equal(await operations.deleteBatchesBefore({ receivedMs: 3, limit: 5 }), 1);
    assert.equal(await operations.deleteBatchesBefore({ receivedMs: 9, limit: 5 }), 1);
    assert.deepEqual(await operations.appendBatches([batch()]), [4]);
  }));

Deno.test("readBatchesInRange() pages through the batches of one host that touch a range", () =>
  withDatabases(async (operations, { metrics }) => {
    const times = [[0, 10], [10, 20], [15, 20], [20, 20], [21, 30], [5, 40]] as const;
    await operations.appendBatches([
      ...times.map(([firstMs, lastMs]) => batch({ firstMs, lastMs })),
      batch({ agentId: "agent-2", firstMs: 15, lastMs: 15 }),
    ]);
    const found: number[] = [];
    let after: BatchRow | undefined;
    do {
      const request = { agentId: "agent-1", fromMs: 11, toMs: 20, after, limit: 2 };
      const page = await readBatchesInRange(metrics, request);
      found.push(...page.map(({ id }) => id));
      after = page.at(-1);
    } while (after !== undefined);
    assert.deepEqual(found, [2, 3, 4, 6]);
  }));

Deno.test("openDatabases() refuses files of a newer version, and says what to do", async () => {
  const directory = await Deno.makeTempDir();
  const { control, metrics } = await openDatabases(directory);
  await control.execute("PRAGMA user_version=1000");
  control.close();
  metrics.close();
  await assert.rejects(openDatabases(directory), (error) => {
    assert.match(
      errorChain(error),
      /Cannot open the database .*control\.db: it was written by a newer version/,
    );
    return true;
  });
  await Deno.remove(directory, { recursive: true });
});

Deno.test("openDatabases() makes files that only their owner reads, with the settings that storage relies on", async () => {
  const directory = await Deno.makeTempDir();
  const { control, metrics } = await openDatabases(directory);
  const pragma = async (name: string) =>
    Object.values((await metrics.execute(`PRAGMA ${name}`)).rows[0] ?? {})[0];
  assert.deepEqual(
    [
      await pragma("page_size"),
      await pragma("auto_vacuum"),
      await pragma("journal_mode"),
      await pragma("synchronous"),
    ],
    [8192, 2, "wal", 2],
  );
  if (Deno.build.os !== "windows") {
    for await (const { name } of Deno.readDir(directory)) {
      assert.equal(((await Deno.stat(join(directory, name))).mode ?? 0) & 0o777, 0o600, name);
    }
  }
  control.close();
  metrics.close();
  await Deno.remove(directory, { recursive: true });
});

Deno.test("deleteBatchesBefore() deletes what is old behind rows that were received in the future", () =>
  withDatabases(async (operations) => {
    const future = Array.from({ length: 5 }, () => batch({ receivedMs: 1e12 }));
    await operations.appendBatches([...future, batch({ receivedMs: 1 }), batch({ receivedMs: 2 }), batch()]);
    assert.equal(await operations.deleteBatchesBefore({ receivedMs: 1000, limit: 1 }), 1);
    assert.equal(await operations.deleteBatchesBefore({ receivedMs: 1000, limit: 3 }), 1);
    assert.deepEqual((await operations.listBatchesAfter({ id: 0, limit: 10 })).map(({ id }) => id), [
      ...[1, 2, 3, 4, 5],
      8,
    ]);
  }));

Deno.test("markRefused() closes the hole that a refused batch leaves", () =>
  withDatabases(async (operations, databases) => {
    await operations.appendBatches([numbered(1), numbered(3)]);
    assert.deepEqual(await rows(databases, "received"), [["epoch-1", 3]]);
    const refused = { agentId: "agent-1", batchId: { epoch: "epoch-1", sequence: 2 }, receivedMs: 1 };
    for (let time = 0; time < 2; time++) await operations.markRefused(refused);
    assert.deepEqual(await rows(databases, "received"), []);
    assert.deepEqual(await rows(databases, "watermarks"), [["epoch-1", 3]]);
  }));

Deno.test("forgetAgent() deletes the marks of that agent, also those in memory", () =>
  withDatabases(async (operations, databases) => {
    await operations.appendBatches([numbered(1), numbered(3), numbered(5, "other", "agent-2")]);
    await operations.forgetAgent("agent-1");
    assert.deepEqual(await rows(databases, "received"), [["other", 5]]);
    assert.deepEqual(await rows(databases, "watermarks"), [["other", 0]]);
    assert.deepEqual(await operations.appendBatches([numbered(1)]), [4], "it is new again");
  }));
