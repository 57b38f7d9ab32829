import assert from "node:assert/strict";
import { timestampOf } from "../lib/clock.ts";
import { hostnameMismatch, problemOf } from "../protocol/problem.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { advanceUntil, type FakeAnswer, fakeHttp } from "../tests/support/fake_http.ts";
import { batcher } from "./batcher.ts";
import { inflate } from "./codec.ts";
import { deliveryCounters } from "./counters.ts";
import type { HttpRequest } from "./http.ts";
import { encodeEnvelope, memoryQueue } from "./memory_queue.ts";
import { runSender } from "./sender.ts";

const stored: FakeAnswer = { status: 202, json: { accepted: 1, duplicate: false, rejected: [] } };

function setUp(
  answer: (request: HttpRequest, number: number) => FakeAnswer | Promise<FakeAnswer>,
  renew: (key: string) => boolean = () => false,
  reclaim: () => boolean = () => false,
) {
  const clock = fakeClock();
  const counters = deliveryCounters();
  const queue = memoryQueue({ clock, counters, hostname: "web 01", maxEnvelopes: () => 1_000 });
  const batches = batcher({
    clock,
    queue,
    epoch: "epoch",
    maxEnvelopes: () => 4,
    maxDelayMs: () => 5_000,
  });
  const http = fakeHttp(clock, answer);
  const stop = new AbortController();
  const abandon = new AbortController();
  let key = "key-1";
  const credentials = {
    key: () => Promise.resolve(key),
    reclaim: () => Promise.resolve(reclaim()),
    renew(refused: string) {
      const isRenewed = renew(refused);
      if (isRenewed) key = "key-2";
      return Promise.resolve(isRenewed);
    },
  };
  const done = runSender(
    { clock, http, batcher: batches, credentials, hostname: "web 01", counters, random: () => 0.5 },
    stop.signal,
    abandon.signal,
  );
  const push = (count: number) => {
    for (let usage = 0; usage < count; usage++) {
      const timestamp = timestampOf(clock.now());
      batches.push(encodeEnvelope({ type: "cpu", timestamp, hostname: "web 01", data: { usage } }));
    }
  };
  const requests = (count: number) =>
    advanceUntil(clock, `request ${count}`, () => http.seen.length >= count);
  const settled = () => advanceUntil(clock, "everything is settled", () => batches.waiting.envelopes === 0);
  const finish = async () => {
    stop.abort();
    abandon.abort();
    await done;
    assert.equal(clock.pending, 0);
  };
  return { clock, counters, batches, http, push, requests, settled, finish, stop, abandon, done };
}

async function bodyOf(
  request: HttpRequest | undefined,
): Promise<{ type: string; data: Record<string, unknown> }[]> {
  assert(request?.body !== undefined);
  return JSON.parse(new TextDecoder().decode(await inflate(request.body, "gzip")));
}

Deno.test("runSender posts a gzipped batch with its id and key when one is due", async () => {
  const { http, push, settled, counters, finish } = setUp(() => stored);
  push(2);
  await settled();
  const [request] = http.seen;
  assert.equal(request?.path, "/api/v1/metrics?hostname=web%2001");
  assert.deepEqual(request?.headers, {
    "authorization": "Bearer key-1",
    "content-type": "application/json",
    "content-encoding": "gzip",
    "spectra-batch": "epoch/1",
  });
  assert.deepEqual((await bodyOf(request)).map(({ data }) => data), [{ usage: 0 }, { usage: 1 }]);
  assert.equal(counters.sentBatches, 1);
  assert.equal(counters.sentEnvelopes, 2);
  assert.equal(counters.sentBytes, request?.body?.length);
  await finish();
});

const temporary: [string, FakeAnswer][] = [
  ["nothing answers", "unreachable"],
  ["408", { status: 408 }],
  ["425", { status: 425 }],
  ["429", { status: 429 }],
  ["500", { status: 500 }],
  ["503", { status: 503 }],
  ["a 200 that is no acknowledgement", {
    status: 200,
    json: { accepted: 1, duplicate: false, rejected: [] },
  }],
  ["a 202 of another shape", { status: 202, json: {} }],
  ["404", { status: 404 }],
];
for (const [name, answer] of temporary) {
  Deno.test(`runSender repeats the same id and bytes with growing pauses when the answer is ${name}`, async () => {
    const { http, push, requests, settled, counters, finish } = setUp((_, number) =>
      number < 6 ? answer : stored
    );
    push(1);
    await requests(6);
    await settled();
    assert.deepEqual(http.seen.map(({ headers }) => headers?.["spectra-batch"]), Array(6).fill("epoch/1"));
    for (const { body } of http.seen) assert.deepEqual(body, http.seen[0]?.body);
    const pauses = http.seen.slice(1).map(({ atMs }, index) => atMs - (http.seen[index]?.atMs ?? 0));
    // Half of each ceiling: 2, 4, 8, 16, 32 s above the floor of 1 s.
    for (const [index, expected] of [1_500, 2_500, 4_500, 8_500, 16_500].entries()) {
      assert(Math.abs((pauses[index] ?? 0) - expected) <= 200, `pause ${index + 1} was ${pauses[index]} ms`);
    }
    assert.equal(counters.failures, 5);
    assert.equal(counters.sentBatches, 1);
    assert.equal(counters.lostEnvelopes, 0);
    await finish();
  });
}

Deno.test("runSender waits as long as Retry-After says when that is longer than its own pause", async () => {
  const busy: FakeAnswer = { status: 503, headers: { "retry-after": "120" } };
  const { http, push, requests, finish } = setUp((_, number) => number === 1 ? busy : stored);
  push(1);
  await requests(2);
  const [first, second] = http.seen;
  assert((second?.atMs ?? 0) - (first?.atMs ?? 0) >= 120_000);
  await finish();
});

Deno.test("runSender halves a batch under new ids when it is too large", async () => {
  const { http, push, settled, finish, counters } = setUp((request) =>
    request.headers?.["spectra-batch"] === "epoch/1" ? { status: 413 } : stored
  );
  push(3);
  await settled();
  const sizes = await Promise.all(http.seen.map(async (request) => (await bodyOf(request)).length));
  assert.deepEqual(sizes, [3, 2, 1]);
  assert.deepEqual(http.seen.map(({ headers }) => headers?.["spectra-batch"]), [
    "epoch/1",
    "epoch/2",
    "epoch/3",
  ]);
  assert.equal(counters.lostEnvelopes, 0);
  await finish();
});

Deno.test("runSender gives up a single envelope with a tombstone when even that is too large", async () => {
  const { http, push, requests, finish, counters } = setUp((_, number) =>
    number === 1 ? { status: 413 } : stored
  );
  push(1);
  await requests(2);
  const [tombstone] = await bodyOf(http.seen[1]);
  assert.equal(tombstone?.type, "tombstone");
  assert.equal(tombstone?.data["reason"], "too_large");
  assert.equal(tombstone?.data["count"], 1);
  assert.equal(counters.lostEnvelopes, 1);
  await finish();
});

for (const status of [400, 415, 422]) {
  Deno.test(`runSender gives a batch up with a tombstone and goes on when the answer is ${status}`, async () => {
    const refusal: FakeAnswer = { status, json: { detail: "no envelope is valid" } };
    const { http, push, requests, finish, counters } = setUp((_, number) => number === 1 ? refusal : stored);
    push(2);
    await requests(2);
    const [tombstone] = await bodyOf(http.seen[1]);
    assert.equal(tombstone?.data["reason"], "refused");
    assert.equal(tombstone?.data["count"], 2);
    assert.match(String(tombstone?.data["detail"]), /no envelope is valid/);
    assert.equal(http.seen[1]?.headers?.["spectra-batch"], "epoch/2");
    assert.equal(counters.lostEnvelopes, 2);
    await finish();
  });
}

Deno.test("runSender is no hot loop and forgets no loss when a server refuses everything", async () => {
  const { clock, http, push, requests, finish, counters } = setUp(() => ({ status: 400 }));
  push(4);
  await requests(1);
  for (let second = 0; second < 240; second++) await clock.advance(1_000);
  assert(http.seen.length > 5 && http.seen.length < 20, `${http.seen.length} requests in 4 min`);
  const [tombstone, ...rest] = await bodyOf(http.seen.at(-1));
  assert.equal(tombstone?.data["count"], 4);
  assert.deepEqual(rest, []);
  assert.equal(counters.lostEnvelopes, 4);
  await finish();
});

Deno.test("runSender asks at most once a second when a server calls everything too large", async () => {
  const { clock, http, push, requests, finish } = setUp(() => ({ status: 413 }));
  push(4);
  await requests(1);
  for (let second = 0; second < 60; second++) await clock.advance(1_000);
  assert(http.seen.length > 10 && http.seen.length <= 61, `${http.seen.length} requests in 1 min`);
  await finish();
});

for (const status of [401, 403]) {
  Deno.test(`runSender keeps the batch and probes slowly when the answer is ${status}`, async () => {
    const { http, push, requests, settled, finish, counters } = setUp((_, number) =>
      number < 4 ? { status } : stored
    );
    push(1);
    await requests(4);
    await settled();
    const pauses = http.seen.slice(1).map(({ atMs }, index) => atMs - (http.seen[index]?.atMs ?? 0));
    for (const pause of pauses) assert(pause >= 30_000 && pause <= 60_200, `${pause} ms`);
    assert.equal(counters.lostEnvelopes, 0);
    assert.equal(counters.sentEnvelopes, 1);
    await finish();
  });
}

Deno.test("runSender goes on with the new key when the old one was forgotten and could be renewed", async () => {
  const refused: string[] = [];
  const { http, push, settled, finish } = setUp(
    (request) => request.headers?.["authorization"] === "Bearer key-2" ? stored : { status: 401 },
    (key) => refused.push(key) > 0,
  );
  push(1);
  await settled();
  assert.deepEqual(refused, ["key-1"]);
  assert.deepEqual(http.seen.map(({ headers }) => headers?.["spectra-batch"]), ["epoch/1", "epoch/1"]);
  await finish();
});

Deno.test("runSender goes on with the same batch when this host's name could be told anew", async () => {
  const mismatch = { status: 403, json: problemOf(403, hostnameMismatch) };
  let reclaims = 0;
  const { http, push, settled, finish } = setUp(
    (_, number) => number === 1 ? mismatch : stored,
    undefined,
    () => ++reclaims > 0,
  );
  push(1);
  await settled();
  assert.equal(reclaims, 1);
  const [first, second] = http.seen;
  assert.equal(second?.headers?.["spectra-batch"], "epoch/1");
  assert((second?.atMs ?? 0) - (first?.atMs ?? 0) < 30_000);
  await finish();
});

Deno.test("runSender keeps the batch and probes slowly when another agent has this host's identity", async () => {
  const mismatch = { status: 403, json: problemOf(403, hostnameMismatch) };
  const { http, push, requests, finish, counters } = setUp(() => mismatch);
  push(1);
  await requests(3);
  const pauses = http.seen.slice(1).map(({ atMs }, index) => atMs - (http.seen[index]?.atMs ?? 0));
  for (const pause of pauses) assert(pause >= 30_000 && pause <= 60_200, `${pause} ms`);
  assert.equal(counters.lostEnvelopes, 0);
  await finish();
});

Deno.test("runSender asks for no registration when a 403 has another reason", async () => {
  const { push, requests, finish } = setUp(
    () => ({ status: 403, json: problemOf(403, "A proxy forbids it.") }),
    undefined,
    () => assert.fail("must not register"),
  );
  push(1);
  await requests(2);
  await finish();
});

Deno.test("runSender leaves a tombstone of what the server rejected when it stored the rest", async () => {
  const partly: FakeAnswer = {
    status: 202,
    json: {
      accepted: 2,
      duplicate: false,
      rejected: [{ index: 1, type: "cpu", reason: "usage: must be number" }],
    },
  };
  const { http, push, settled, finish, counters } = setUp((_, number) => number === 1 ? partly : stored);
  push(3);
  await settled();
  assert.equal(counters.rejectedEnvelopes, 1);
  assert.equal(counters.lostEnvelopes, 1);
  const [sent, tombstone] = await Promise.all(http.seen.map(bodyOf));
  assert.equal(sent?.length, 3);
  assert.deepEqual(tombstone?.map(({ type }) => type), ["tombstone"]);
  const { reason, detail, count } = tombstone?.[0]?.data ?? {};
  assert.deepEqual({ reason, detail, count }, {
    reason: "rejected",
    detail: "cpu: usage: must be number",
    count: 1,
  });
  assert.equal(counters.sentEnvelopes, 3, "two measurements and the tombstone");
  await finish();
});

Deno.test("runSender makes no tombstone of a rejected tombstone, nor of what the batch does not hold", async () => {
  const reason = "x".repeat(10_000);
  const odd = [0, 0, 7, -1, 0.5].map((index) => ({ index, type: "cpu", reason }));
  const { clock, http, push, settled, finish, counters } = setUp((_, number) =>
    number > 2 ? stored : { status: 202, json: { accepted: 0, duplicate: false, rejected: odd } }
  );
  push(1);
  await settled();
  await clock.advance(60_000);
  assert.equal(http.seen.length, 2, "the measurement and its tombstone");
  const [tombstone] = await bodyOf(http.seen[1]);
  assert.equal(tombstone?.data["count"], 1);
  assert(String(tombstone?.data["detail"]).length <= 1_024);
  assert.equal(counters.lostEnvelopes, 1);
  assert.equal(counters.rejectedEnvelopes, 2);
  await finish();
});

Deno.test("runSender has one batch in flight when more are due", async () => {
  const held = Promise.withResolvers<FakeAnswer>();
  const { clock, http, push, requests, settled, finish } = setUp(() => held.promise);
  push(12);
  await requests(1);
  await clock.advance(60_000);
  assert.equal(http.seen.length, 1);
  held.resolve(stored);
  await settled();
  assert.equal(http.seen.length, 3);
  await finish();
});

Deno.test("runSender delivers everything that waits when it is stopped", async () => {
  const { http, push, stop, done, clock, batches } = setUp(() => stored);
  push(7);
  await clock.advance(0);
  stop.abort();
  await done;
  assert.equal(batches.waiting.envelopes, 0);
  assert.equal(http.seen.length, 2);
  assert.equal(clock.pending, 0);
});

Deno.test("runSender ends after two failures in a row when it is stopped while nothing answers", async () => {
  const { http, push, stop, done, clock, batches, requests } = setUp(() => "unreachable");
  push(1);
  await requests(2);
  stop.abort();
  await done;
  assert.equal(http.seen.length, 3);
  assert.equal(batches.waiting.envelopes, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("runSender ends when it is abandoned while a request hangs", async () => {
  const { push, stop, abandon, done, requests, clock } = setUp(() => new Promise<FakeAnswer>(() => {}));
  push(1);
  await requests(1);
  stop.abort();
  await clock.advance(5_000);
  abandon.abort();
  await done;
  assert.equal(clock.pending, 0);
});
