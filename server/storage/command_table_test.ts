import assert from "node:assert/strict";
import { controlStore } from "../../tests/support/control_store.ts";
import type { CommandRecord } from "../../protocol/command.ts";

function recordOf(index: number, overrides: Partial<CommandRecord> = {}): CommandRecord {
  return {
    id: `command-${index}`,
    agent_id: `agent-${index % 2}`,
    hostname: "web-01",
    type: "FETCH_LOGS",
    args: {},
    status: "queued",
    asked_by: "admin",
    created_at: "2026-01-26T10:00:00.000Z",
    expires_at: "2026-01-26T10:01:00.000Z",
    ...overrides,
  };
}

Deno.test("commands come back as they were stored, whatever text they hold", async () => {
  const store = await controlStore();
  const hostile = `'"; DROP TABLE commands --\u0000\u202e\ud800 ünï 🦕`;
  const record = recordOf(1, { args: { grep: hostile, limit: 3, __proto__: undefined } });
  await store.run("insertCommand", record);
  assert.deepEqual(await store.run("getCommand", "command-1"), structuredClone(record));
  await store.run("leaseCommand", { id: "command-1", leasedMs: 1_000, expiresMs: 2_000 });
  const result = [{ timestamp: 1.5, message: hostile }];
  await store.run("finishCommand", {
    id: "command-1",
    finishedMs: 1_500,
    ending: { status: "done", result },
  });
  assert.deepEqual(await store.run("getCommand", "command-1"), {
    ...record,
    status: "done",
    leased_at: "1970-01-01T00:00:01.000Z",
    expires_at: "1970-01-01T00:00:02.000Z",
    finished_at: "1970-01-01T00:00:01.500Z",
    result,
  });
  assert.equal(await store.run("getCommand", "command-2"), undefined);
  await store.close();
});

Deno.test("a command that has ended is not changed again", async () => {
  const store = await controlStore();
  await store.run("insertCommand", recordOf(1));
  const lost = { status: "lost", error: "no answer" } as const;
  await store.run("finishCommand", { id: "command-1", finishedMs: 1, ending: lost });
  await store.run("finishCommand", {
    id: "command-1",
    finishedMs: 2,
    ending: { status: "done", result: [] },
  });
  await store.run("leaseCommand", { id: "command-1", leasedMs: 3, expiresMs: 4 });
  const record = await store.run("getCommand", "command-1");
  assert.equal(record?.status, "lost");
  assert.equal(record?.error, "no answer");
  assert.equal("result" in (record ?? {}), false);
  await store.close();
});

Deno.test("listCommands gives the newest first, of one agent where asked, without results", async () => {
  const store = await controlStore();
  for (let index = 0; index < 5; index++) await store.run("insertCommand", recordOf(index));
  await store.run("finishCommand", {
    id: "command-4",
    finishedMs: 1,
    ending: { status: "done", result: ["large"] },
  });
  const all = await store.run("listCommands", { limit: 3 });
  assert.deepEqual(all.map(({ id }) => id), ["command-4", "command-3", "command-2"]);
  assert.equal("result" in (all[0] ?? {}), false);
  const odd = await store.run("listCommands", { agentId: "agent-1", limit: 10 });
  assert.deepEqual(odd.map(({ id }) => id), ["command-3", "command-1"]);
  const unfinished = await store.run("listUnfinishedCommands", null);
  assert.deepEqual(unfinished.map(({ id }) => id), ["command-0", "command-1", "command-2", "command-3"]);
  await store.close();
});

Deno.test("pruneCommands keeps the newest that have ended, within age, number and bytes, and all that have not", async () => {
  const store = await controlStore();
  const left = async () => (await store.run("listCommands", { limit: 100 })).map(({ id }) => id).reverse();
  for (let index = 0; index < 8; index++) {
    await store.run("insertCommand", recordOf(index));
    const ending = { status: "done", result: "x".repeat(98) } as const; // 100 bytes as JSON
    if (index > 0) {
      await store.run("finishCommand", { id: `command-${index}`, finishedMs: index * 1000, ending });
    }
  }
  await store.run("pruneCommands", { finishedSinceMs: 3000, records: 100, resultBytes: 10_000 });
  assert.deepEqual(await left(), [0, 3, 4, 5, 6, 7].map((index) => `command-${index}`));
  await store.run("pruneCommands", { finishedSinceMs: 0, records: 4, resultBytes: 10_000 });
  assert.deepEqual(await left(), [0, 4, 5, 6, 7].map((index) => `command-${index}`));
  await store.run("pruneCommands", { finishedSinceMs: 0, records: 100, resultBytes: 250 });
  assert.deepEqual(await left(), [0, 6, 7].map((index) => `command-${index}`));
  await store.close();
});
