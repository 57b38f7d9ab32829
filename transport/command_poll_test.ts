import assert from "node:assert/strict";
import { timestampOf } from "../lib/clock.ts";
import type { CommandResult } from "../protocol/command.ts";
import { limits } from "../protocol/limits.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { advanceUntil, type FakeAnswer, fakeHttp } from "../tests/support/fake_http.ts";
import { inflate } from "./codec.ts";
import { type ReceivedCommand, runCommandPoll } from "./command_poll.ts";
import type { HttpRequest } from "./http.ts";

const clock0 = fakeClock().now();

function command(id: string, expiresInMs = 60_000): FakeAnswer {
  const json = { id, type: "LIST_MOUNTS", args: {}, expires_at: timestampOf(clock0 + expiresInMs) };
  return { status: 200, json };
}

/** A server: `polls` answers the polls in order and holds those after them, `result` answers the results. */
function setUp(
  polls: readonly (FakeAnswer | "hold")[],
  result: (number: number) => FakeAnswer = () => ({ status: 200 }),
  execute: (received: ReceivedCommand) => Promise<CommandResult> = ({ command: { id, type } }) =>
    Promise.resolve({ id, type, payload: [] }),
) {
  const clock = fakeClock();
  let pollNumber = 0;
  let resultNumber = 0;
  const http = fakeHttp(clock, (request) => {
    if (request.method === "POST") return result(++resultNumber);
    const answer = polls[pollNumber++] ?? "hold";
    return answer === "hold" ? new Promise<FakeAnswer>(() => {}) : answer;
  });
  const executed: ReceivedCommand[] = [];
  const renewed: string[] = [];
  const stop = new AbortController();
  const abandon = new AbortController();
  const done = runCommandPoll(
    {
      clock,
      http,
      credentials: {
        key: () => Promise.resolve("key-1"),
        reclaim: () => Promise.resolve(false),
        renew(key) {
          renewed.push(key);
          return Promise.resolve(true);
        },
      },
      hostname: "web-01",
      waitSeconds: 30,
      execute(received) {
        executed.push(received);
        return execute(received);
      },
      random: () => 0.5,
    },
    stop.signal,
    abandon.signal,
  );
  const seen = (method: HttpRequest["method"]) => http.seen.filter((request) => request.method === method);
  const until = (method: HttpRequest["method"], count: number) =>
    advanceUntil(clock, `${count} × ${method}`, () => seen(method).length >= count);
  const finish = async () => {
    stop.abort();
    await done;
    assert.equal(clock.pending, 0);
  };
  return { clock, seen, until, executed, renewed, stop, abandon, done, finish };
}

async function resultOf(request: HttpRequest | undefined): Promise<unknown> {
  assert(request?.body !== undefined);
  return JSON.parse(new TextDecoder().decode(await inflate(request.body, "gzip")));
}

Deno.test("runCommandPoll runs a command and posts its gzipped result", async () => {
  const { seen, until, executed, finish } = setUp([{ status: 204 }, command("c1")]);
  await until("POST", 1);
  const [poll] = seen("GET");
  assert.equal(poll?.path, "/api/v1/agent/command?hostname=web-01&wait=30");
  assert.equal(poll?.headers?.["authorization"], "Bearer key-1");
  assert(poll !== undefined && poll.deadlineMs > 30_000, "the wait has to fit into the deadline");
  assert.equal(executed[0]?.command.id, "c1");
  const [result] = seen("POST");
  assert.equal(result?.path, "/api/v1/agent/command_result?hostname=web-01");
  assert.equal(result?.headers?.["content-encoding"], "gzip");
  assert.deepEqual(await resultOf(result), { id: "c1", type: "LIST_MOUNTS", payload: [] });
  await finish();
});

Deno.test("runCommandPoll runs a command once when it comes again", async () => {
  const { until, executed, finish } = setUp([command("c1"), command("c1"), command("c2"), command("c1")]);
  await until("GET", 5);
  assert.deepEqual(executed.map((received) => received.command.id), ["c1", "c2"]);
  await finish();
});

Deno.test("runCommandPoll asks at most once a second when a server answers empty at once", async () => {
  const { clock, seen, finish } = setUp(Array(1_000).fill({ status: 204 }));
  await clock.advance(60_000);
  assert(seen("GET").length <= 61, `${seen("GET").length} polls`);
  assert(seen("GET").length >= 59, `${seen("GET").length} polls`);
  await finish();
});

Deno.test("runCommandPoll asks at most ten times a second when a server has a command each time", async () => {
  const commands = Array.from({ length: 1_000 }, (_, index) => command(`c${index}`));
  const { clock, seen, finish } = setUp(commands);
  await clock.advance(1_000);
  assert(seen("GET").length <= 11, `${seen("GET").length} polls`);
  await finish();
});

for (
  const [name, answer] of [
    ["unreachable", "unreachable"],
    ["a 502", { status: 502 }],
    ["a page instead of a command", { status: 200 }],
    ["a command without id", { status: 200, json: { type: "LIST_MOUNTS" } }],
  ] as const
) {
  Deno.test(`runCommandPoll backs off when the server is ${name}`, async () => {
    const { seen, until, executed, finish } = setUp([answer, answer, answer, "hold"]);
    await until("GET", 4);
    const times = seen("GET").map(({ atMs }) => atMs);
    assert.deepEqual(times, [0, 1_500, 4_000, 8_500]);
    assert.deepEqual(executed, []);
    await finish();
  });
}

Deno.test("runCommandPoll renews its key when the server does not know it", async () => {
  const { renewed, until, finish } = setUp([{ status: 401 }]);
  await until("GET", 2);
  assert.deepEqual(renewed, ["key-1"]);
  await finish();
});

Deno.test("runCommandPoll does not run a command when it came expired", async () => {
  const { until, executed, finish } = setUp([command("c1", -1)]);
  await until("GET", 2);
  assert.deepEqual(executed, []);
  await finish();
});

Deno.test("runCommandPoll repeats a result until it is taken while the command has not expired", async () => {
  const { seen, until, finish } = setUp(
    [command("c1")],
    (number) => number < 3 ? { status: 503 } : { status: 200 },
  );
  await until("POST", 3);
  const results = await Promise.all(seen("POST").map(resultOf));
  assert.deepEqual(results[2], results[0]);
  await finish();
});

Deno.test("runCommandPoll gives a result up when its command expires or the server refuses it", async () => {
  for (const [answer, most] of [[{ status: 503 }, 6], [{ status: 409 }, 1]] as const) {
    const { clock, seen, until, finish } = setUp([command("c1", 30_000)], () => answer);
    await until("POST", 1);
    await clock.advance(300_000);
    assert(seen("POST").length <= most, `${seen("POST").length} results posted`);
    assert.equal(clock.pending, 0);
    await finish();
  }
});

Deno.test("runCommandPoll goes on polling when a command hangs, and ends without it when abandoned", async () => {
  const { until, stop, abandon, done, clock } = setUp(
    [command("c1"), { status: 204 }, { status: 204 }],
    undefined,
    () => new Promise(() => {}),
  );
  await until("GET", 4);
  stop.abort();
  await clock.advance(5_000);
  abandon.abort();
  await done;
});

Deno.test("runCommandPoll stops fetching when too many commands are at work", async () => {
  const commands = Array.from({ length: 100 }, (_, index) => command(`c${index}`));
  const { clock, executed, stop, abandon, done } = setUp(commands, undefined, () => new Promise(() => {}));
  await clock.advance(60_000);
  assert.equal(executed.length, 16);
  stop.abort();
  abandon.abort();
  await done;
});

Deno.test("runCommandPoll posts an error instead when a result is longer than the server takes", async () => {
  const payload = "x".repeat(limits.resultBytes);
  const { seen, until, finish } = setUp(
    [command("c1")],
    undefined,
    ({ command: { id, type } }) => Promise.resolve({ id, type, payload }),
  );
  await until("POST", 1);
  const result = JSON.stringify(await resultOf(seen("POST")[0]));
  assert.match(result, /ask for less/);
  await finish();
});
