import assert from "node:assert/strict";
import { type Envelope, parseEnvelope } from "../../protocol/envelope.ts";
import { testAgent, testDirectory } from "../../tests/support/agents.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import type { Agent } from "../agents.ts";
import { createHeads } from "../heads.ts";
import type { LiveSubscription } from "../services.ts";
import { createLiveFeed, feedLimits } from "./feed.ts";

function fixture() {
  const one = testAgent({ hostname: "one" });
  const two = testAgent({ hostname: "two" });
  const clock = fakeClock();
  const heads = createHeads(clock);
  const watched: string[] = [];
  const commands = { watch: (agent: Agent) => void watched.push(agent.hostname) };
  const directory = testDirectory([one, two], clock.now);
  const feed = createLiveFeed({ clock, agents: directory, heads, commands });
  let counter = 0;
  return {
    clock,
    feed,
    watched,
    one,
    two,
    /** A batch of one host: one `cpu` envelope whose counter grows by 0.5 s in each. */
    publish(agent: Agent) {
      counter += 0.5;
      directory.touch(agent);
      const envelopes = [cpuEnvelope(agent, clock.now(), counter)];
      heads.apply(agent, envelopes);
      feed.published(agent, envelopes);
    },
  };
}

function cpuEnvelope(agent: Agent, atMs: number, userSeconds: number): Envelope {
  const verdict = parseEnvelope({
    type: "cpu",
    timestamp: new Date(atMs).toISOString(),
    hostname: agent.hostname,
    data: { usage: 12.5, user_seconds: userSeconds },
  });
  assert.ok(verdict.ok);
  return verdict.envelope;
}

/** Reads what is there: events that a pull gives without waiting. */
function client(subscription: LiveSubscription | undefined) {
  assert.ok(subscription);
  const reader = subscription.events.getReader();
  let pending: ReturnType<typeof reader.read> | undefined;
  return {
    async take() {
      const events = [];
      for (;;) {
        pending ??= reader.read();
        let turn: ReturnType<typeof setTimeout> | undefined;
        const nothing = new Promise<undefined>((resolve) => turn = setTimeout(() => resolve(undefined), 0));
        const read = await Promise.race([pending, nothing]);
        clearTimeout(turn);
        if (read === undefined) return events;
        pending = undefined;
        if (read.done) return events;
        events.push(read.value);
      }
    },
    close: () => reader.cancel(),
  };
}

const names = (events: readonly { event: string }[]) => events.map(({ event }) => event);

Deno.test("the feed gives a snapshot of all hosts first, then hosts as they change", async () => {
  const { feed, publish, one, clock } = fixture();
  const browser = client(feed.subscribe({}));
  const [first, ...rest] = await browser.take();
  assert.equal(first?.event, "snapshot");
  assert.deepEqual(first?.event === "snapshot" && first.data.hosts.map(({ hostname }) => hostname), [
    "one",
    "two",
  ]);
  assert.deepEqual(rest, []);
  publish(one);
  publish(one);
  const [changed, ...more] = await browser.take();
  assert.equal(changed?.event === "host" && changed.data.hostname, "one");
  assert.equal(changed?.event === "host" && changed.data.figures.cpu_percent, 12.5);
  assert.equal(changed?.json, JSON.stringify(changed?.data));
  assert.deepEqual(more, []);
  await clock.advance(1000);
  assert.deepEqual(names(await browser.take()), ["host"]);
  feed.close();
  assert.equal(clock.pending, 0);
});

Deno.test("the feed sends samples of the host that a browser looks at, counters as rates", async () => {
  const { feed, publish, one, two, clock, watched } = fixture();
  const looking = client(feed.subscribe({ agentId: one.id }));
  const other = client(feed.subscribe({}));
  assert.deepEqual(watched, ["one"]);
  await Promise.all([looking.take(), other.take()]);
  publish(one);
  publish(two);
  assert.deepEqual(names(await looking.take()), ["host", "samples", "host"]);
  await clock.advance(1000);
  await looking.take();
  publish(one);
  const samples = (await looking.take()).find(({ event }) => event === "samples");
  assert.deepEqual(samples?.data, {
    agent_id: one.id,
    at: clock.now(),
    values: { "cpu.usage": 12.5, "cpu.user_seconds": 0.5 * 2 },
  });
  assert.deepEqual(names(await other.take()).filter((name) => name !== "host"), []);
  feed.close();
});

Deno.test("the feed tells when a host falls silent, without a batch", async () => {
  const { feed, publish, one, clock } = fixture();
  const browser = client(feed.subscribe({}));
  publish(one);
  await browser.take();
  const seen: string[] = [];
  for (let seconds = 0; seconds < 70; seconds += 1) {
    await clock.advance(1000);
    for (const { event, data } of await browser.take()) {
      if (event === "host" && data.hostname === "one") seen.push(data.status);
    }
  }
  assert.deepEqual(seen, ["late", "offline"]);
  feed.close();
});

Deno.test("a browser that comes back after a cut gets exactly what it missed", async () => {
  const { feed, publish, one, two, clock } = fixture();
  const agentId = one.id;
  const before = client(feed.subscribe({ agentId }));
  publish(one);
  const lastEventId = (await before.take()).at(-1)?.id;
  assert.ok(lastEventId);
  await before.close();
  assert.equal(feed.subscribers, 0);
  await clock.advance(20_000);
  publish(one);
  publish(two);
  const after = client(feed.subscribe({ agentId, lastEventId }));
  const missed = await after.take();
  assert.deepEqual(names(missed).filter((name) => name === "samples"), ["samples"]);
  assert.equal(names(missed).includes("snapshot"), false);
  // Another browser with the same id did not look at the host: its samples are not its business.
  const other = client(feed.subscribe({ lastEventId }));
  assert.deepEqual(
    (await other.take()).map(({ id }) => id),
    missed.filter(({ event }) => event === "host").map(({ id }) => id),
  );
  feed.close();
});

Deno.test("a browser gets a snapshot when it can't be told what it missed", async () => {
  const { feed, publish, one, clock } = fixture();
  const before = client(feed.subscribe({}));
  publish(one);
  const lastEventId = (await before.take()).at(-1)?.id ?? "";
  // Samples of this host were not recorded when the event was sent.
  const looking = client(feed.subscribe({ agentId: one.id, lastEventId }));
  assert.deepEqual(names(await looking.take()), ["snapshot"]);
  for (const bad of ["", "garbage", "x-1", `${lastEventId}0`, "9".repeat(400), "\u0000"]) {
    const browser = client(feed.subscribe({ lastEventId: bad }));
    assert.deepEqual(names(await browser.take()), ["snapshot"], bad);
    await browser.close();
  }
  await Promise.all([before.close(), looking.close()]);
  await clock.advance(feedLimits.lingerMs);
  const late = client(feed.subscribe({ lastEventId }));
  assert.deepEqual(names(await late.take()), ["snapshot"]);
  feed.close();
});

Deno.test("the feed does nothing when nobody has listened for a while", async () => {
  const { feed, publish, one, clock, watched } = fixture();
  publish(one);
  feed.hostChanged(one);
  assert.equal(clock.pending, 0);
  const browser = client(feed.subscribe({ agentId: one.id }));
  await browser.take();
  await browser.close();
  await clock.advance(feedLimits.lingerMs + 1000);
  const asked = watched.length;
  publish(one);
  await clock.advance(60_000);
  assert.equal(watched.length, asked);
  assert.equal(clock.pending, 0);
});

Deno.test("a browser that never reads does not grow the feed and holds nobody up", async () => {
  const { feed, publish, one, clock } = fixture();
  const silent = client(feed.subscribe({ agentId: one.id }));
  const reading = client(feed.subscribe({ agentId: one.id }));
  await reading.take();
  let samples = 0;
  for (let seconds = 0; seconds < 600; seconds++) {
    publish(one);
    samples += names(await reading.take()).filter((name) => name === "samples").length;
    clock.setWall(clock.now() + 1000);
  }
  assert.equal(samples, 600);
  assert.deepEqual(names(await silent.take()), ["snapshot"]);
  feed.close();
});

Deno.test("the feed refuses one browser too many, and takes one again when another has gone", async () => {
  const { feed, clock } = fixture();
  const open = Array.from({ length: feedLimits.subscribers }, () => feed.subscribe({}));
  assert.equal(feed.subscribe({}), undefined);
  open[0]?.close();
  const again = feed.subscribe({});
  assert.ok(again);
  assert.equal(feed.subscribers, feedLimits.subscribers);
  feed.close();
  assert.equal(feed.subscribers, 0);
  assert.deepEqual(await client(again).take(), []);
  assert.equal(feed.subscribe({}), undefined);
  assert.equal(clock.pending, 0);
});
