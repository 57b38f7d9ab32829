import assert from "node:assert/strict";
import { configure, reset } from "@logtape/logtape";
import type { HttpRequest } from "../transport/http.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { advanceUntil, type FakeAnswer, fakeHttp } from "../tests/support/fake_http.ts";
import { identityFile } from "./identity.ts";
import { registration } from "./register.ts";

const server = "https://spectra.example.org";

function registered(agentId: string, agentKey?: string): FakeAnswer {
  const limits = { compressed_bytes: 1, decompressed_bytes: 1, envelopes: 1, json_depth: 1 };
  const json = {
    agent_id: agentId,
    tenant: "default",
    server_time: "2026-01-26T10:00:00Z",
    config: { limits },
  };
  return { status: 200, json: agentKey === undefined ? json : { ...json, agent_key: agentKey } };
}

interface Setup {
  readonly answer: (request: HttpRequest, number: number) => FakeAnswer;
  /** Contents of the token file; no such file when `null`, no token file configured when absent. */
  readonly token?: string | null;
  readonly known?: { agentId: string; agentKey: string };
}

async function withRegistration(
  { answer, token, known }: Setup,
  run: (parts: Awaited<ReturnType<typeof partsOf>>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = identityFile(`${folder}/agent`, server);
    await Deno.mkdir(`${folder}/agent`);
    if (known !== undefined) await file.save(known);
    if (typeof token === "string") await Deno.writeTextFile(`${folder}/token`, token);
    const parts = partsOf(folder, answer, token !== undefined);
    await run(parts);
    parts.stop.abort();
    await parts.done;
    assert.equal(parts.clock.pending, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function partsOf(folder: string, answer: Setup["answer"], hasTokenFile: boolean) {
  const clock = fakeClock();
  const http = fakeHttp(clock, answer);
  const file = identityFile(`${folder}/agent`, server);
  const stop = new AbortController();
  const credentials = registration({
    clock,
    http,
    identityFile: file,
    tokenFile: hasTokenFile ? `${folder}/token` : undefined,
    hostInfo: () => ({ hostname: "web-01" }),
    random: () => 0.5,
  });
  const done = credentials.run(stop.signal);
  const bodyOf = (index: number): Record<string, unknown> =>
    JSON.parse(new TextDecoder().decode(http.seen[index]?.body));
  const requests = (count: number) =>
    advanceUntil(clock, `request ${count}`, () => http.seen.length >= count);
  return { clock, http, file, stop, credentials, done, folder, bodyOf, requests };
}

Deno.test("registration shows the token, then keeps the key that it was given", async () => {
  await withRegistration(
    { answer: () => registered("a1", "key-1"), token: "token-1\n" },
    async ({ http, credentials, stop, file, done, bodyOf }) => {
      assert.equal(await credentials.key(stop.signal), "key-1");
      await done;
      assert.equal(http.seen[0]?.path, "/api/v1/agent/register");
      assert.equal(http.seen[0]?.headers?.["authorization"], undefined);
      assert.deepEqual(bodyOf(0), { hostname: "web-01", enrollment_token: "token-1" });
      assert.deepEqual(await file.load(), { agentId: "a1", agentKey: "key-1" });
    },
  );
});

Deno.test("registration is the same agent again when it has a key", async () => {
  const known = { agentId: "a1", agentKey: "key-1" };
  await withRegistration(
    { answer: () => registered("a1"), known },
    async ({ http, done, credentials, stop, bodyOf }) => {
      await done;
      assert.equal(http.seen[0]?.headers?.["authorization"], "Bearer key-1");
      assert.deepEqual(bodyOf(0), { hostname: "web-01", agent_id: "a1" });
      assert.equal(await credentials.key(stop.signal), "key-1");
    },
  );
});

Deno.test("registration registers anew with the token when the server forgot the agent", async () => {
  const known = { agentId: "a1", agentKey: "key-1" };
  await withRegistration(
    {
      answer: ({ headers }) =>
        headers?.["authorization"] === undefined ? registered("a2", "key-2") : { status: 401 },
      known,
      token: "token-1",
    },
    async ({ done, file, credentials, stop }) => {
      await done;
      assert.equal(await credentials.key(stop.signal), "key-2");
      assert.deepEqual(await file.load(), { agentId: "a2", agentKey: "key-2" });
    },
  );
});

Deno.test("registration keeps the key of a forgotten agent and probes slowly when it has no token", async () => {
  const known = { agentId: "a1", agentKey: "key-1" };
  await withRegistration(
    { answer: (_, number) => number < 3 ? { status: 401 } : registered("a1"), known },
    async ({ http, requests, done }) => {
      await requests(3);
      await done;
      assert.deepEqual(http.seen.map(({ atMs }) => atMs), [0, 45_000, 90_000]);
    },
  );
});

Deno.test("registration backs off until the server is there", async () => {
  await withRegistration(
    { answer: (_, number) => number < 4 ? "unreachable" : registered("a1", "key-1"), token: "token-1" },
    async ({ http, requests, done }) => {
      await requests(4);
      await done;
      assert.deepEqual(http.seen.map(({ atMs }) => atMs), [0, 1_500, 4_000, 8_500]);
    },
  );
});

Deno.test("registration takes no answer of another shape for a registration", async () => {
  const odd: FakeAnswer[] = [
    { status: 200 },
    { status: 200, json: {} },
    { status: 202, json: {} },
    registered("a1"), // no key, and none was shown
    { status: 302 },
  ];
  await withRegistration(
    { answer: (_, number) => odd[number - 1] ?? registered("a1", "key-1"), token: "token-1" },
    async ({ http, requests, credentials, stop }) => {
      await requests(odd.length + 1);
      assert.equal(await credentials.key(stop.signal), "key-1");
      assert.equal(http.seen.length, odd.length + 1);
    },
  );
});

Deno.test("registration reads the token file again when it comes late", async () => {
  await withRegistration(
    { answer: () => registered("a1", "key-1"), token: null },
    async ({ clock, http, folder, requests, done }) => {
      await clock.advance(10_000);
      assert.equal(http.seen.length, 0);
      await Deno.writeTextFile(`${folder}/token`, "token-1");
      await requests(1);
      await done;
    },
  );
});

Deno.test("registration sends no token when the file holds something else", async () => {
  for (const token of ["", " \n", "x".repeat(257)]) {
    await withRegistration(
      { answer: () => assert.fail("must not be sent"), token },
      async ({ clock, http }) => {
        await clock.advance(120_000);
        assert.equal(http.seen.length, 0);
      },
    );
  }
});

Deno.test("registration renews once when several parts find their key unknown", async () => {
  let isForgotten = false;
  await withRegistration(
    {
      answer({ headers }) {
        if (headers?.["authorization"] !== undefined) return { status: 401 };
        return isForgotten ? registered("a2", "key-2") : registered("a1", "key-1");
      },
      token: "token-1",
    },
    async ({ credentials, stop, done, http }) => {
      await done;
      isForgotten = true;
      const renewals = await Promise.all([
        credentials.renew("key-1", stop.signal),
        credentials.renew("key-1", stop.signal),
      ]);
      assert.deepEqual(renewals, [true, true]);
      assert.equal(await credentials.key(stop.signal), "key-2");
      assert.equal(http.seen.length, 3, "the token, the key that is unknown, the token");
      assert.equal(await credentials.renew("key-1", stop.signal), true);
      assert.equal(http.seen.length, 3, "there is another key already");
    },
  );
});

Deno.test("registration tells its host's name anew once an hour, then says that its identity is shared", async () => {
  const errors: string[] = [];
  await configure({
    sinks: { errors: ({ message }) => errors.push(message.join("")) },
    loggers: [
      { category: "spectra", sinks: ["errors"], lowestLevel: "error" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  const known = { agentId: "a1", agentKey: "key-1" };
  try {
    await withRegistration(
      { answer: () => registered("a1"), known },
      async ({ http, clock, credentials, stop, done, bodyOf, file }) => {
        await done;
        assert.equal(await credentials.reclaim(stop.signal), true);
        assert.equal(http.seen[1]?.headers?.["authorization"], "Bearer key-1");
        assert.deepEqual(bodyOf(1), { hostname: "web-01", agent_id: "a1" });
        assert.equal(errors.length, 0);
        for (let probe = 0; probe < 3; probe++) assert.equal(await credentials.reclaim(stop.signal), false);
        assert.equal(http.seen.length, 2);
        assert.equal(errors.length, 1, "said once");
        assert.match(
          errors[0] ?? "",
          /is used by another agent too.* give each agent a data directory of its own/,
        );
        assert(errors[0]?.includes(file.path));
        await clock.advance(3_600_000);
        assert.equal(await credentials.reclaim(stop.signal), true, "the other one may be gone");
        assert.equal(await credentials.key(stop.signal), "key-1");
      },
    );
  } finally {
    await reset();
  }
});

Deno.test("registration tells its host's name again when the server could not be reached for it", async () => {
  const known = { agentId: "a1", agentKey: "key-1" };
  await withRegistration(
    { answer: (_, number) => number === 2 ? "unreachable" : registered("a1"), known },
    async ({ credentials, stop, done }) => {
      await done;
      assert.equal(await credentials.reclaim(stop.signal), false);
      assert.equal(await credentials.reclaim(stop.signal), true);
    },
  );
});

Deno.test("registration gives no key when it is stopped before there is one", async () => {
  await withRegistration({ answer: () => "unreachable", token: "token-1" }, async ({ credentials, stop }) => {
    const key = credentials.key(stop.signal);
    stop.abort();
    assert.equal(await key, undefined);
  });
});
