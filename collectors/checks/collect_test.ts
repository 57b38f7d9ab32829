import assert from "node:assert/strict";
import * as z from "zod/mini";
import { firstIssue } from "../../protocol/issue.ts";
import { checkList } from "../../protocol/metrics/checks.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { systemClock } from "../../lib/clock.ts";
import { fixtureHost } from "../../tests/support/fixture_host.ts";
import type { Collector } from "../collector.ts";
import { checksCollector, type RunCheck } from "./collect.ts";
import { checksDefinition } from "./mod.ts";
import { checkSettings } from "./settings.ts";

const measurement = z.tuple([z.object({ type: z.literal("check_list"), data: checkList })]);

async function read(collector: Collector) {
  return z.parse(measurement, await collector.collect())[0].data;
}

const tcpTarget = (name: string, more: Record<string, unknown> = {}) => ({
  name,
  kind: "tcp",
  host: "db.test",
  port: 5432,
  ...more,
});
const settingsOf = (...targets: Record<string, unknown>[]) => z.parse(checkSettings, { targets });

Deno.test("checks says that none are configured", () => {
  const host = fixtureHost("firecracker_vm");
  assert.deepEqual(checksDefinition.detect(host), {
    status: "unsupported",
    reason: "no checks are configured (collectors.checks.targets)",
  });
  assert.equal(checksDefinition.detect(host, { targets: [tcpTarget("a")] }).status, "available");
});

Deno.test("checks counts failures in a row, and keeps the latest outcome until the next check", async () => {
  const clock = fakeClock(1_000_000);
  const outcomes = [
    { ok: false, detail: "down" },
    { ok: false, detail: "down" },
    { detail: "not allowed" },
    { ok: true, detail: "up", latencyMs: 1.23456 },
  ];
  const run: RunCheck = () => Promise.resolve(outcomes.shift() ?? { detail: "" });
  const collector = checksCollector(fixtureHost("firecracker_vm", clock), settingsOf(tcpTarget("a")), run);
  const element = { name: "a", kind: "tcp", target: "db.test:5432" };
  const first = { ...element, ok: false, detail: "down", consecutive_failures: 1, checked_at: 1_000 };
  assert.deepEqual(await read(collector), { checks: [first], failing: 1 });
  await clock.advance(30_000);
  assert.deepEqual((await read(collector)).checks, [first]);
  await clock.advance(30_000);
  assert.equal((await read(collector)).checks[0]?.consecutive_failures, 2);
  await clock.advance(60_000);
  assert.deepEqual(await read(collector), {
    checks: [{ ...element, detail: "not allowed", consecutive_failures: 2, checked_at: 1_120 }],
    failing: 0,
  });
  await clock.advance(60_000);
  assert.deepEqual((await read(collector)).checks, [
    { ...element, ok: true, detail: "up", latency_ms: 1.235, consecutive_failures: 0, checked_at: 1_180 },
  ]);
  assert.equal(clock.pending, 0);
});

Deno.test("checks ends one that hangs at its time-out, and the others do not wait for it", async () => {
  const clock = fakeClock();
  const run: RunCheck = ({ name }) =>
    name === "hung" ? new Promise(() => {}) : Promise.resolve({ ok: true, detail: "fine" });
  const names = ["hung", ...Array.from({ length: 20 }, (_, index) => `n${index}`)];
  const settings = settingsOf(...names.map((name) => tcpTarget(name, { timeout_seconds: 3 })));
  const reading = read(checksCollector(fixtureHost("firecracker_vm", clock), settings, run));
  await clock.advance(3_100);
  const { checks, failing } = await reading;
  assert.equal(checks.length, 21);
  assert.equal(failing, 1);
  assert.equal(checks[0]?.detail, "no answer within 3 s");
  assert.equal(clock.pending, 0);
});

Deno.test("checks leaves out what has not been checked when a reading must end", async () => {
  const clock = fakeClock();
  const run: RunCheck = ({ name }) =>
    name === "hung" ? new Promise(() => {}) : Promise.resolve({ ok: true, detail: "fine" });
  const settings = settingsOf(tcpTarget("hung", { timeout_seconds: 60 }), tcpTarget("fine"));
  const reading = read(checksCollector(fixtureHost("firecracker_vm", clock), settings, run));
  await clock.advance(10_000);
  assert.deepEqual((await reading).checks.map(({ name }) => name), ["fine"]);
});

Deno.test("checks makes TCP and HTTP checks of its own, all at once", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("ok"),
  );
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closedPort = closed.addr.port;
  closed.close();
  const settings = settingsOf(
    tcpTarget("open", { host: "127.0.0.1", port: listener.addr.port }),
    tcpTarget("closed", { host: "127.0.0.1", port: closedPort }),
    { name: "web", kind: "http", url: `http://127.0.0.1:${server.addr.port}/a?key=secret` },
  );
  const { checks, failing } = await read(
    checksCollector({ ...fixtureHost("firecracker_vm"), clock: systemClock }, settings),
  );
  assert.deepEqual(checks.map(({ name, ok, target }) => [name, ok, target]), [
    ["open", true, `127.0.0.1:${listener.addr.port}`],
    ["closed", false, `127.0.0.1:${closedPort}`],
    ["web", true, `http://127.0.0.1:${server.addr.port}/a`],
  ]);
  assert.equal(failing, 1);
  assert.match(checks[1]?.detail ?? "", /refused/);
});

const refused: readonly [target: Record<string, unknown>, message: RegExp][] = [
  [{ name: "a", kind: "udp" }, /targets.0/],
  [{ name: "a", kind: "tcp", host: "x" }, /targets.0.port/],
  [{ name: "", kind: "icmp", host: "x" }, /targets.0.name: must be at least 1/],
  [{ name: "a", kind: "icmp", host: "x", count: 1_000 }, /targets.0.count: must be at most 20/],
  [{ name: "a", kind: "http", url: "file:///etc/passwd" }, /targets.0.url: must be an http or https address/],
  [{ name: "a", kind: "http", url: "https://u:p@x/" }, /without user name and password/],
  [{ name: "a", kind: "http", url: "https://x/", verify: false }, /targets.0: unknown key "verify"/],
  [{ name: "a", kind: "dns", query: "x", record: "AXFR" }, /targets.0.record: must be one of A, AAAA/],
  [
    { name: "a", kind: "tcp", host: "x", port: 1, timeout_seconds: 600 },
    /timeout_seconds: must be at most 60/,
  ],
];
for (const [target, message] of refused) {
  Deno.test(`checkSettings refuses ${JSON.stringify(target)}`, () => {
    const parsed = z.safeParse(checkSettings, { targets: [target] });
    assert.ok(parsed.error !== undefined);
    assert.match(firstIssue(parsed.error), message);
  });
}

Deno.test("checkSettings refuses two checks of one name", () => {
  const parsed = z.safeParse(checkSettings, { targets: [tcpTarget("a"), tcpTarget("a")] });
  assert.ok(parsed.error !== undefined);
  assert.match(firstIssue(parsed.error), /targets: each needs a name of its own/);
});
