import assert from "node:assert/strict";
import type { DiagnosticDefinition } from "../diagnostics/diagnostic.ts";
import { diagnosticDefinitions } from "../diagnostics/mod.ts";
import { timestampOf } from "../lib/clock.ts";
import type { Command } from "../protocol/command.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { fakeHost } from "../tests/support/fake_collector.ts";
import { commandRunner } from "./commands.ts";
import { watch } from "./watch.ts";

const never = new AbortController().signal;

function setUp(run: DiagnosticDefinition["run"] = () => Promise.resolve([])) {
  const clock = fakeClock();
  const hurried: unknown[] = [];
  const runner = commandRunner({
    host: fakeHost(clock),
    diagnostics: [
      { type: "LIST_MOUNTS", systems: ["linux"], run },
      { type: "FETCH_LOGS", systems: ["windows"], run },
    ],
    watch: watch(clock, () => ({ hurry: (...all) => hurried.push(all) > 0 })),
  });
  const execute = (command: Omit<Command, "id">, lifetimeMs = 60_000) =>
    runner.execute({ command: { id: "c1", ...command }, lifetimeMs, serverAheadMs: 0 }, never);
  return { clock, runner, execute, hurried };
}

Deno.test("commandRunner offers what works on this system", () => {
  assert.deepEqual(setUp().runner.capabilities, ["LIST_MOUNTS", "WATCH"]);
});

Deno.test("commandRunner answers with the payload when a diagnostic has run", async () => {
  const { execute } = setUp(() => Promise.resolve([{ mountpoint: "/", device: "/dev/sda", fstype: "ext4" }]));
  assert.deepEqual(await execute({ type: "LIST_MOUNTS", args: {} }), {
    id: "c1",
    type: "LIST_MOUNTS",
    payload: [{ mountpoint: "/", device: "/dev/sda", fstype: "ext4" }],
  });
});

Deno.test("commandRunner says that a kind is unsupported when it does not have it", async () => {
  const { execute } = setUp();
  for (const type of ["REBOOT", "FETCH_LOGS", "__proto__", "constructor"]) {
    const { error } = await execute({ type, args: {} });
    assert.equal(error, `unsupported: ${type} is not a command that this agent can run`);
  }
});

Deno.test("commandRunner says what is wrong with arguments", async () => {
  const clock = fakeClock();
  const runner = commandRunner({
    host: fakeHost(clock),
    diagnostics: diagnosticDefinitions,
    watch: watch(clock, () => ({ hurry: () => assert.fail("arguments are wrong") })),
  });
  const errorOf = async (type: string, args?: Record<string, unknown>) => {
    const command = { id: "c1", type, ...(args === undefined ? {} : { args }) };
    return (await runner.execute({ command, lifetimeMs: 60_000, serverAheadMs: 0 }, never)).error;
  };
  assert.match(
    await errorOf("NETWORK_DIAG", { action: "reboot" }) ?? "",
    /NETWORK_DIAG: action: must be one of ping/,
  );
  assert.match(
    await errorOf("NETWORK_DIAG", { action: "connect", target: "a:1", count: 101 }) ?? "",
    /count: must be at most 100/,
  );
  assert.match(await errorOf("NETWORK_DIAG", { action: "ping" }) ?? "", /^unsupported: .*"ping"/);
  assert.match(await errorOf("NETWORK_DIAG") ?? "", /action/);
  const until = timestampOf(clock.now() + 1_000);
  assert.match(
    await errorOf("WATCH", { types: [], interval_seconds: 1, until }) ?? "",
    /types: must be at least 1/,
  );
  assert.match(
    await errorOf("WATCH", { types: ["cpu"], interval_seconds: 0, until }) ?? "",
    /interval_seconds/,
  );
  assert.match(await errorOf("WATCH", { types: ["cpu"], interval_seconds: 1, until: "soon" }) ?? "", /until/);
});

Deno.test("commandRunner begins a watch at once while a diagnostic is at work", async () => {
  const { clock, execute, hurried } = setUp(() => new Promise(() => {}));
  void execute({ type: "LIST_MOUNTS" });
  const until = timestampOf(clock.now() + 30_000);
  const result = await execute({ type: "WATCH", args: { types: ["cpu"], interval_seconds: 1, until } });
  assert.deepEqual(result, { id: "c1", type: "WATCH" });
  assert.deepEqual(hurried, [[["cpu"], 1_000, 30_000]]);
});

Deno.test("commandRunner runs one diagnostic at a time and says when too many wait", async () => {
  let atWork = 0;
  let most = 0;
  const { clock, execute } = setUp(async () => {
    most = Math.max(most, ++atWork);
    await new Promise<void>((resolve) => clock.after(1_000, resolve));
    atWork--;
    return [];
  });
  const results = Array.from({ length: 9 }, () => execute({ type: "LIST_MOUNTS" }));
  assert.match((await results[8])?.error ?? "", /^busy: 8 commands wait already/);
  await clock.advance(8_000);
  const answers = await Promise.all(results.slice(0, 8));
  assert.deepEqual(answers.map(({ error }) => error), Array(8).fill(undefined));
  assert.equal(most, 1);
});

Deno.test("commandRunner ends a diagnostic that hangs, and runs the next", async () => {
  let runs = 0;
  let wasTold = false;
  const { clock, execute } = setUp((_args, { signal }) => {
    if (++runs > 1) return Promise.resolve([]);
    signal.addEventListener("abort", () => wasTold = true);
    return new Promise(() => {});
  });
  const hangs = execute({ type: "LIST_MOUNTS" }, 600_000);
  const next = execute({ type: "LIST_MOUNTS" }, 600_000);
  await clock.advance(61_000);
  assert.match((await hangs).error ?? "", /LIST_MOUNTS did not finish within 56000 ms/);
  assert.equal(wasTold, true);
  assert.deepEqual((await next).payload, []);
  assert.equal(clock.pending, 0);
});

Deno.test("commandRunner leaves time for the result when a command expires soon", async () => {
  const { clock, execute } = setUp(() => new Promise(() => {}));
  const hangs = execute({ type: "LIST_MOUNTS" }, 10_000);
  const late = execute({ type: "LIST_MOUNTS" }, 6_000);
  await clock.advance(6_000);
  assert.match((await hangs).error ?? "", /did not finish/);
  assert.match((await late).error ?? "", /expired while it waited/);
});

Deno.test("commandRunner ends a run before the server's lease of the command does, also without an expiry", async () => {
  let signal: AbortSignal | undefined;
  const { clock, execute } = setUp((_, host) => {
    signal = host.signal;
    return new Promise(() => {});
  });
  const answer = execute({ type: "LIST_MOUNTS", args: {} }, 300_000);
  await clock.advance(54_000);
  assert.equal(signal?.aborted, false);
  await clock.advance(1_000);
  assert.equal(signal?.aborted, true, "5 s of the lease are left for the result to arrive");
  await clock.advance(1_000);
  assert.match((await answer).error ?? "", /LIST_MOUNTS/);
});
