import assert from "node:assert/strict";
import type { Envelope } from "../protocol/envelope.ts";
import { testAgent } from "../tests/support/agents.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { createHeads } from "./heads.ts";

const begin = Date.UTC(2026, 0, 26, 10, 0, 0);
const at = (seconds: number) => ({
  timestamp: new Date(begin + seconds * 1000).toISOString(),
  hostname: "web-01",
});
const cpu = (seconds: number, usage: number): Envelope => ({ type: "cpu", ...at(seconds), data: { usage } });
const network = (seconds: number, name: string, received: number): Envelope => ({
  type: "network",
  ...at(seconds),
  data: { interface: name, rx_bytes: received, tx_bytes: received * 2 },
});

function setUp() {
  const clock = fakeClock(begin);
  return { clock, heads: createHeads(clock), agent: testAgent({ lastSeenMs: begin }) };
}

Deno.test("heads.latest() has the newest envelope of each type, whatever order they came in", () => {
  const { heads, agent } = setUp();
  heads.apply(agent, [cpu(10, 50)]);
  heads.apply(agent, [cpu(5, 99)]);
  assert.deepEqual(heads.latest(agent), [{ type: "cpu", timestamp: at(10).timestamp, data: { usage: 50 } }]);
});

Deno.test("heads.latest() keeps each element that a v1 agent sends by itself, and none under a name of its choice", () => {
  const { heads, agent } = setUp();
  heads.apply(agent, [network(0, "eth0", 1), network(0, "__proto__", 2), network(5, "eth0", 3)]);
  assert.deepEqual(
    heads.latest(agent).map(({ data }) => [data["interface"], data["rx_bytes"]]),
    [["__proto__", 2], ["eth0", 3]],
  );
});

Deno.test("heads.takeChanged() drops elements that were not sent for long", () => {
  const { heads, agent } = setUp();
  heads.apply(agent, [network(0, "veth1", 1), cpu(0, 1)]);
  heads.apply(agent, [network(1000, "eth0", 1)]);
  const [changed] = heads.takeChanged();
  assert.deepEqual(changed?.envelopes.map(({ type }) => type), ["cpu", "network"]);
  assert.deepEqual(heads.takeChanged(), []);
});

Deno.test("heads.figures() sums the traffic of physical interfaces in bits per second", () => {
  const { heads, agent } = setUp();
  const all = (seconds: number, received: number) =>
    heads.apply(agent, ["eth0", "eth1", "lo", "docker0"].map((name) => network(seconds, name, received)));
  all(0, 1000);
  assert.equal(heads.figures(agent).network_receive_bps, undefined);
  all(10, 2000);
  assert.equal(heads.figures(agent).network_receive_bps, 2 * 100 * 8);
  assert.equal(heads.figures(agent).network_transmit_bps, 2 * 200 * 8);
});

Deno.test("heads.figures() keeps a rate when a v1 agent sends a reading twice", () => {
  const { heads, agent } = setUp();
  for (const [seconds, received] of [[0, 0], [10, 1000], [10, 1000]] as const) {
    heads.apply(agent, [network(seconds, "eth0", received)]);
  }
  assert.equal(heads.figures(agent).network_receive_bps, 800);
});

Deno.test("heads.figures() has no rate right after a boot", () => {
  const { heads, agent } = setUp();
  const system = (seconds: number, bootId: string): Envelope => ({
    type: "system",
    ...at(seconds),
    data: { boot_id: bootId, uptime: 7 },
  });
  heads.apply(agent, [system(0, "one"), network(0, "eth0", 0)]);
  heads.apply(agent, [system(10, "two"), network(10, "eth0", 1000)]);
  assert.deepEqual(heads.figures(agent), { uptime_seconds: 7 });
});

Deno.test("heads.figures() names the fullest file system, images aside", () => {
  const { heads, agent } = setUp();
  const disks = [
    { mountpoint: "/", disk_used_pct: 40 },
    { mountpoint: "/snap", filesystem: "squashfs", disk_used_pct: 100 },
    { mountpoint: "/data", disk_used_pct: 70 },
    { mountpoint: "/hung", hung: true },
  ];
  heads.apply(agent, [{ type: "disk_list", ...at(0), data: { disks } }]);
  assert.deepEqual(heads.figures(agent), { disk_percent: 70, disk_mountpoint: "/data" });
});

Deno.test("heads.figures() reckons memory where a host gives no percentage", () => {
  const { heads, agent } = setUp();
  heads.apply(agent, [{ type: "memory", ...at(0), data: { ram_total: 200, ram_used: 50 } }]);
  assert.deepEqual(heads.figures(agent), { memory_percent: 25 });
});

Deno.test("heads.status() follows how long a host has been silent, measured by its pace", async () => {
  const { clock, heads, agent } = setUp();
  assert.equal(heads.status(testAgent({ lastSeenMs: undefined })), "waiting");
  assert.equal(heads.status(agent), "waiting", "it polls but has sent nothing");
  const send = () => {
    agent.lastSeenMs = clock.now();
    heads.apply(agent, [cpu(0, 1)]);
  };
  send();
  await clock.advance(5000);
  send();
  assert.equal(heads.status(agent), "online");
  await clock.advance(16_000);
  assert.equal(heads.status(agent), "late");
  await clock.advance(45_000);
  assert.equal(heads.status(agent), "offline");
});

Deno.test("heads.status() leaves a host online that sends seldom, also after two batches in quick succession", async () => {
  const { clock, heads, agent } = setUp();
  for (const pauseMs of [300_000, 300_000, 100, 300_000]) {
    agent.lastSeenMs = clock.now();
    heads.apply(agent, [cpu(0, 1)]);
    await clock.advance(pauseMs - 50);
    agent.lastSeenMs = clock.now(); // it polls meanwhile
    agent.lastSeenMonotonicMs = clock.monotonicMs();
    await clock.advance(50);
    if (clock.monotonicMs() > 300_000) assert.equal(heads.status(agent), "online");
  }
});

Deno.test("heads.status() is late and stays so when batches stop and polls go on", async () => {
  const { clock, heads, agent } = setUp();
  const poll = () => {
    agent.lastSeenMs = clock.now();
    agent.lastSeenMonotonicMs = clock.monotonicMs();
  };
  for (let batch = 0; batch < 2; batch++) {
    poll();
    heads.apply(agent, [cpu(0, 1)]);
    await clock.advance(5000);
  }
  const seen: string[] = [];
  for (let second = 0; second < 120; second += 10) {
    poll();
    seen.push(heads.status(agent));
    await clock.advance(10_000);
  }
  assert.deepEqual(seen, ["online", "online", ...Array(10).fill("late")]);
  heads.apply(agent, [cpu(200, 1)]);
  assert.equal(heads.status(agent), "online");
});

Deno.test("heads.restore() gives a host that was heard of lately time to send again", async () => {
  const { clock, heads, agent } = setUp();
  for (let batch = 0; batch < 3; batch++) heads.restore(agent, [cpu(batch, 1)]);
  await clock.advance(40_000);
  assert.equal(heads.status(agent), "online");
  await clock.advance(10_000);
  assert.equal(heads.status(agent), "late");
});

Deno.test("a clock that was set back freezes no figures and keeps no dead host online", async () => {
  const { clock, heads, agent } = setUp();
  agent.lastSeenMonotonicMs = clock.monotonicMs();
  heads.apply(agent, [cpu(0, 99), network(0, "eth0", 0), network(0, "eth1", 0)]);
  clock.setWall(begin - 3_600_000);
  heads.apply(agent, [cpu(-3600, 1), network(-3600, "eth0", 0)]);
  heads.apply(agent, [network(-3590, "eth0", 1000)]);
  assert.equal(heads.figures(agent).cpu_percent, 1);
  assert.equal(heads.figures(agent).network_receive_bps, 800);
  assert.equal(heads.takeChanged()[0]?.envelopes.length, 3);
  await clock.advance(61_000);
  assert.equal(heads.status(agent), "offline");
  const ofEarlierRun = testAgent({ lastSeenMs: begin });
  assert.equal(heads.status(ofEarlierRun), "offline", "it was heard of at a time that has not come");
});
