import assert from "node:assert/strict";
import { type FakeClock, fakeClock } from "../../tests/support/fake_clock.ts";
import { testAgent } from "../../tests/support/agents.ts";
import { type ControlStore, controlStore } from "../../tests/support/control_store.ts";
import type { Agent } from "../agents.ts";
import type { HostStatus } from "../heads.ts";
import type { CommandQueue } from "../services.ts";
import { createCommandQueue, queueLimits } from "./queue.ts";

const never = new AbortController().signal;
const mounts = [{ mountpoint: "/", device: "/dev/vda1", fstype: "ext4" }];

interface Fixture {
  readonly clock: FakeClock;
  readonly store: ControlStore;
  readonly status: { now: HostStatus };
  queue: CommandQueue;
  /** Closes the queue and makes another on the same tables, as a restart does. */
  restart(): Promise<void>;
}

function queueTest(name: string, run: (fixture: Fixture) => Promise<void>): void {
  Deno.test(name, async () => {
    const clock = fakeClock();
    const store = await controlStore();
    const status = { now: "online" as HostStatus };
    const open = () => createCommandQueue({ clock, store, heads: { status: () => status.now } });
    const fixture: Fixture = {
      clock,
      store,
      status,
      queue: await open(),
      async restart() {
        fixture.queue.close();
        fixture.queue = await open();
      },
    };
    try {
      await run(fixture);
    } finally {
      fixture.queue.close();
      await store.close();
    }
    assert.equal(clock.pending, 0, "no timer is left");
  });
}

function ask(
  queue: CommandQueue,
  agent: Agent,
  overrides: Partial<Parameters<CommandQueue["enqueue"]>[0]> = {},
) {
  return queue.enqueue({
    agent,
    type: "LIST_MOUNTS",
    args: {},
    askedBy: "admin",
    evenOffline: false,
    ...overrides,
  });
}

async function asked(
  queue: CommandQueue,
  agent: Agent,
  overrides: Parameters<typeof ask>[2] = {},
): Promise<string> {
  const queued = await ask(queue, agent, overrides);
  assert.ok(queued.ok, queued.ok ? "" : queued.detail);
  return queued.record.id;
}

const answer = (id: string, payload: unknown = mounts) => ({ id, type: "LIST_MOUNTS", payload });

queueTest("the queue carries a command from the asking to its result", async ({ queue }) => {
  const agent = testAgent();
  const id = await asked(queue, agent);
  assert.match(id, /^[A-Za-z0-9_-]{22}$/);
  const command = await queue.next(agent, 30, never);
  assert.deepEqual(command, { id, type: "LIST_MOUNTS", args: {}, expiresAt: "2026-01-26T10:01:00.000Z" });
  assert.equal((await queue.get(id))?.status, "leased");
  const waiting = queue.waitFor(id, 60, never);
  assert.deepEqual(await queue.finish(agent, answer(id)), { ok: true });
  const record = await waiting;
  assert.equal(record?.status, "done");
  assert.deepEqual(record?.result, mounts);
  assert.equal(record?.asked_by, "admin");
  assert.equal(record?.finished_at, "2026-01-26T10:00:00.000Z");
});

queueTest("the queue wakes an open poll at once and keeps the order of asking", async ({ queue, clock }) => {
  const agent = testAgent();
  const poll = queue.next(agent, 30, never);
  assert.equal(queue.openPolls, 1);
  const ids = [await asked(queue, agent), await asked(queue, agent), await asked(queue, agent)];
  const got = [(await poll)?.id];
  got.push((await queue.next(agent, 30, never))?.id, (await queue.next(agent, 30, never))?.id);
  assert.deepEqual(got, ids);
  const empty = queue.next(agent, 30, never);
  await clock.advance(30_000);
  assert.equal(await empty, undefined);
  assert.equal(queue.openPolls, 0);
  await clock.advance(60_000);
});

queueTest("the queue answers a poll with wait 0 at once", async ({ queue, clock }) => {
  const agent = testAgent();
  const id = await asked(queue, agent);
  assert.equal((await queue.next(agent, 0, never))?.id, id);
  const empty = queue.next(agent, 0, never);
  await clock.advance(0);
  assert.equal(await empty, undefined);
  await clock.advance(60_000);
});

queueTest("the queue leases a command to exactly one of many parallel polls", async ({ queue, clock }) => {
  const agent = testAgent();
  const id = await asked(queue, agent);
  const polls = Array.from({ length: 20 }, () => queue.next(agent, 30, never));
  await clock.advance(30_000);
  const got = (await Promise.all(polls)).filter((command) => command !== undefined);
  assert.deepEqual(got.map((command) => command.id), [id]);
  await clock.advance(60_000);
});

queueTest("the queue ends older polls of an agent empty and frees an aborted one", async ({ queue }) => {
  const agent = testAgent();
  const older = queue.next(agent, 30, never);
  const abort = new AbortController();
  const newer = queue.next(agent, 30, abort.signal);
  assert.equal(await older, undefined);
  abort.abort();
  assert.equal(await newer, undefined);
  assert.equal(queue.openPolls, 0);
});

queueTest("the queue holds 200 polls at once and serves each its own command", async ({ queue }) => {
  const agents = Array.from({ length: 200 }, (_, index) => testAgent({ hostname: `host-${index}` }));
  const polls = agents.map((agent) => queue.next(agent, 60, never));
  assert.equal(queue.openPolls, 200);
  const ids = await Promise.all(agents.map((agent) => asked(queue, agent)));
  assert.deepEqual((await Promise.all(polls)).map((command) => command?.id), ids);
  assert.equal(queue.openPolls, 0);
});

queueTest(
  "the queue refuses one poll more than it may hold, but not a newer one of the same agent",
  async ({ queue }) => {
    const abort = new AbortController();
    const agents = Array.from(
      { length: queueLimits.polls },
      (_, index) => testAgent({ hostname: `host-${index}` }),
    );
    const polls = agents.map((agent) => queue.next(agent, 60, abort.signal));
    assert.equal(queue.hasRoomFor(testAgent({ hostname: "one-more" })), false);
    assert.equal(queue.hasRoomFor(agents[0] ?? testAgent()), true);
    abort.abort();
    await Promise.all(polls);
    assert.equal(queue.hasRoomFor(testAgent({ hostname: "one-more" })), true);
  },
);

queueTest(
  "the queue refuses commands for an offline host unless they may wait a day",
  async ({ queue, status, clock }) => {
    const agent = testAgent();
    status.now = "offline";
    const refused = await ask(queue, agent);
    assert.equal(refused.ok, false);
    assert.equal(refused.ok || refused.status, 409);
    const id = await asked(queue, agent, { evenOffline: true });
    assert.equal((await queue.get(id))?.expires_at, "2026-01-27T10:00:00.000Z");
    await clock.advance(24 * 3_600_000 - 1);
    assert.equal((await queue.get(id))?.status, "queued");
    await clock.advance(1);
    const ended = await queue.waitFor(id, 0, never);
    assert.equal(ended?.status, "expired");
    assert.match(ended?.error ?? "", /did not fetch/);
    assert.equal(await queue.next(agent, 0, AbortSignal.abort()), undefined);
  },
);

queueTest("the queue takes a host for online while its poll is open", async ({ queue, status }) => {
  const agent = testAgent({ lastSeenMs: undefined });
  assert.equal((await ask(queue, agent)).ok, false);
  status.now = "offline";
  const poll = queue.next(agent, 30, never);
  assert.equal((await ask(queue, agent)).ok, true);
  assert.ok(await poll);
});

queueTest("the queue refuses kinds that the agent lacks", async ({ queue }) => {
  const v1 = testAgent({ hostname: "old", info: { hostname: "old" } });
  assert.equal((await ask(queue, v1, { type: "FETCH_LOGS" })).ok, true);
  for (const [agent, type] of [[v1, "WATCH"], [testAgent(), "FETCH_LOGS"]] as const) {
    const refused = await ask(queue, agent, { type });
    assert.equal(refused.ok || refused.status, 422);
    assert.match(
      refused.ok ? "" : refused.detail,
      new RegExp(`cannot run ${type}: it runs LIST_MOUNTS|cannot run ${type}: it runs FETCH_LOGS`),
    );
  }
});

queueTest("the queue holds at most 100 commands for one agent", async ({ queue }) => {
  const agent = testAgent();
  const outcomes = await Promise.all(
    Array.from({ length: queueLimits.perAgent + 3 }, () => ask(queue, agent)),
  );
  assert.equal(outcomes.filter((outcome) => outcome.ok).length, queueLimits.perAgent);
  assert.ok(outcomes.every((outcome) => outcome.ok || outcome.status === 503));
  assert.equal((await ask(queue, testAgent({ hostname: "other" }))).ok, true);
});

queueTest("the queue takes a result once, from the agent that holds the lease", async ({ queue, clock }) => {
  const agent = testAgent();
  const other = testAgent({ hostname: "other" });
  const early = await asked(queue, agent);
  const detail = async (by: Agent, result: Parameters<CommandQueue["finish"]>[1]) => {
    const outcome = await queue.finish(by, result);
    return outcome.ok ? "taken" : outcome.detail;
  };
  assert.match(await detail(agent, answer(early)), /was not fetched/);
  const command = await queue.next(agent, 0, never);
  assert.equal(command?.id, early);
  const foreign = await detail(other, answer(early));
  assert.equal(foreign, await detail(other, answer("AAAAAAAAAAAAAAAAAAAAAA")));
  for (const id of ["", "'; DROP TABLE commands", "__proto__", "x".repeat(64), "\u0000"]) {
    assert.match(await detail(agent, answer(id)), /no such command/);
  }
  assert.match(await detail(agent, { id: early, type: "FETCH_LOGS", payload: [] }), /is of type LIST_MOUNTS/);
  assert.equal((await queue.get(early))?.status, "leased");
  const both = await Promise.all([detail(agent, answer(early)), detail(agent, answer(early, []))]);
  assert.deepEqual(both, ["taken", `Command ${early} has ended.`]);
  assert.match(await detail(agent, answer(early)), /has ended as done/);
  assert.match(await detail(other, answer(early)), /no such command/);
  assert.deepEqual((await queue.get(early))?.result, mounts);
  await clock.advance(120_000);
  assert.equal((await queue.get(early))?.status, "done");
});

queueTest("the queue records an invalid result as failed and frees the command", async ({ queue }) => {
  const agent = testAgent();
  const id = await asked(queue, agent);
  await queue.next(agent, 0, never);
  assert.deepEqual(await queue.finish(agent, answer(id, { not: "a list" })), { ok: true });
  const record = await queue.get(id);
  assert.equal(record?.status, "failed");
  assert.match(record?.error ?? "", /must be array/);
  assert.equal(record?.result, undefined);
});

queueTest(
  "the queue loses a lease that is not answered in time and never gives it out again",
  async ({ queue, clock }) => {
    const agent = testAgent();
    const id = await asked(queue, agent);
    await clock.advance(59_000);
    assert.equal((await queue.next(agent, 0, never))?.id, id);
    const waiting = queue.waitFor(id, 3600, never);
    await clock.advance(60_000);
    const record = await waiting;
    assert.equal(record?.status, "lost");
    assert.match(record?.error ?? "", /not run again/);
    const late = await queue.finish(agent, answer(id));
    assert.equal(late.ok, false);
    const poll = queue.next(agent, 1, never);
    await clock.advance(1000);
    assert.equal(await poll, undefined);
  },
);

queueTest("the queue waits no longer for an answer than it is told", async ({ queue, clock }) => {
  const agent = testAgent();
  const id = await asked(queue, agent);
  const waiting = queue.waitFor(id, 5, never);
  await clock.advance(5000);
  assert.equal((await waiting)?.status, "queued");
  const abort = new AbortController();
  const aborted = queue.waitFor(id, 60, abort.signal);
  abort.abort();
  assert.equal((await aborted)?.status, "queued");
  assert.equal(await queue.waitFor("unknown", 60, never), undefined);
});

queueTest(
  "the queue goes on after a restart: queued stays, leased counts until its lease ends",
  async (fixture) => {
    const agent = testAgent();
    const ids = [];
    for (let count = 0; count < 4; count++) ids.push(await asked(fixture.queue, agent));
    const [answered, unanswered, ...queued] = ids;
    assert.equal((await fixture.queue.next(agent, 0, never))?.id, answered);
    assert.equal((await fixture.queue.next(agent, 0, never))?.id, unanswered);
    await fixture.restart();
    const { queue, clock } = fixture;
    assert.deepEqual(await queue.finish(agent, answer(answered ?? "")), { ok: true });
    assert.equal((await queue.next(agent, 0, never))?.id, queued[0]);
    await clock.advance(60_000);
    const records = await queue.list({ agentId: agent.id, limit: 10 });
    assert.deepEqual(records.map(({ status }) => status).reverse(), ["done", "lost", "lost", "expired"]);
    await fixture.restart();
    const poll = fixture.queue.next(agent, 1, never);
    await clock.advance(1000);
    assert.equal(await poll, undefined);
  },
);

queueTest("the queue gives nobody a command whose lease could not be recorded", async ({ queue, store }) => {
  const agent = testAgent();
  const id = await asked(queue, agent);
  store.before = (operation) => {
    if (operation === "leaseCommand") throw new Error("disk I/O error");
  };
  await assert.rejects(queue.next(agent, 0, never), /Cannot record the lease of command/);
  assert.equal(queue.openPolls, 0);
  store.before = () => {};
  assert.equal((await queue.get(id))?.status, "lost");
});

queueTest(
  "the queue keeps the lease when a result could not be recorded, so that it can be sent again",
  async ({ queue, store }) => {
    const agent = testAgent();
    const id = await asked(queue, agent);
    await queue.next(agent, 0, never);
    store.before = (operation) => {
      if (operation === "finishCommand") throw new Error("disk I/O error");
    };
    await assert.rejects(queue.finish(agent, answer(id)), /Cannot record the result of command/);
    store.before = () => {};
    assert.deepEqual(await queue.finish(agent, answer(id)), { ok: true });
  },
);

queueTest("the queue forgets a command that could not be recorded", async ({ queue, store }) => {
  const agent = testAgent();
  store.before = () => {
    throw new Error("disk I/O error");
  };
  await assert.rejects(ask(queue, agent), /Cannot record command/);
  store.before = () => {};
  assert.deepEqual(await queue.list({ limit: 10 }), []);
  assert.equal(await queue.next(agent, 0, AbortSignal.abort()), undefined);
});

queueTest(
  "the queue delivers WATCH before commands, records nothing, and takes its answer",
  async ({ queue, clock }) => {
    const agent = testAgent();
    const id = await asked(queue, agent);
    const request = { types: ["cpu"], intervalSeconds: 1, untilMs: clock.now() + 30_000 };
    queue.watch(agent, request);
    queue.watch(testAgent({ hostname: "old", info: { hostname: "old" } }), request);
    const watch = await queue.next(agent, 0, never);
    assert.equal(watch?.type, "WATCH");
    assert.deepEqual(watch?.args, { types: ["cpu"], interval_seconds: 1, until: "2026-01-26T10:00:30.000Z" });
    assert.deepEqual(await queue.finish(agent, { id: watch?.id ?? "", type: "WATCH" }), { ok: true });
    assert.equal((await queue.next(agent, 0, never))?.id, id);
    const poll = queue.next(agent, 30, never);
    queue.watch(agent, request);
    assert.equal((await poll)?.type, "WATCH");
    assert.equal((await queue.list({ limit: 10 })).length, 1);
  },
);

queueTest("the queue ends polls and waits at once when it is closed", async ({ queue }) => {
  const agent = testAgent();
  const id = await asked(queue, agent, { evenOffline: true });
  await queue.next(agent, 0, never);
  const poll = queue.next(agent, 60, never);
  const waiting = queue.waitFor(id, 60, never);
  queue.close();
  assert.equal(await poll, undefined);
  assert.equal((await waiting)?.status, "leased");
  assert.equal(await queue.next(agent, 60, never), undefined);
});
