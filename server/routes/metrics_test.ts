import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type HostDetail, hostDetailSchema } from "../../protocol/api.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { type TestServer, withServer } from "../../tests/support/running_server.ts";
import { waitFor } from "../../tests/support/wait.ts";
import { agentLimits } from "../agent_directory.ts";
import { bodyDeadlineMs } from "../request_body.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const cpu = (hostname: string, usage: number, at = Date.now()) => ({
  type: "cpu",
  timestamp: new Date(at).toISOString(),
  hostname,
  data: { usage },
});

async function send(
  server: TestServer,
  headers: Record<string, string>,
  body: BodyInit,
  path = "/api/v1/metrics",
) {
  const response = await fetch(`${server.url}${path}`, { method: "POST", headers, body });
  return { status: response.status, answer: await response.json() };
}

async function detailOf(server: TestServer, id: string): Promise<HostDetail> {
  const response = await fetch(`${server.url}/api/v1/hosts/${id}`, { headers: server.admin });
  return hostDetailSchema.parse(await response.json());
}

Deno.test("a batch is taken in every coding, at either address", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const json = encode([cpu("web-01", 1)]);
    const taken = { accepted: 1, duplicate: false, rejected: [] };
    for (
      const [encoding, body] of [["gzip", gzipSync(json)], ["zstd", zstdCompressSync(json)], [
        "identity",
        json,
      ]] as const
    ) {
      const sent = await send(
        server,
        { ...agent.headers, "content-encoding": encoding },
        new Uint8Array(body),
      );
      assert.deepEqual([sent.status, sent.answer], [202, taken], encoding);
    }
    const rest = await send(server, agent.headers, json, `/api/v1/agents/${agent.id}/metrics`);
    assert.deepEqual([rest.status, rest.answer], [202, taken]);
    assert.equal((await detailOf(server, agent.id)).figures.cpu_percent, 1);
    assert.equal((await detailOf(server, agent.id)).status, "online");
  }));

Deno.test("a batch with an id is stored once", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const headers = { ...agent.headers, "spectra-batch": "epoch/1" };
    const first = await send(server, headers, encode([cpu("web-01", 1)]));
    const again = await send(server, headers, encode([cpu("web-01", 99)]));
    assert.deepEqual([first.answer.duplicate, again.status, again.answer.duplicate], [false, 202, true]);
    assert.equal((await detailOf(server, agent.id)).figures.cpu_percent, 1);
    assert.equal((await send(server, { ...agent.headers, "spectra-batch": "1" }, encode([]))).status, 400);
  }));

Deno.test("a batch that can never be taken counts as seen", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const sendAs = async (
      sequence: number,
      body: BodyInit,
    ) => (await send(server, { ...agent.headers, "spectra-batch": `epoch/${sequence}` }, body));
    assert.equal((await sendAs(1, "{")).status, 400);
    assert.equal((await sendAs(2, "[null]")).status, 422);
    assert.equal((await sendAs(3, new Uint8Array(5_000_000))).status, 413);
    for (const sequence of [1, 2, 3]) {
      assert.equal((await sendAs(sequence, encode([cpu("web-01", 1)]))).answer.duplicate, true);
    }
    assert.equal((await sendAs(4, encode([cpu("web-01", 1)]))).answer.duplicate, false);
  }));

Deno.test("one bad envelope never sinks the rest; 422 only when none is valid", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const bad = { ...cpu("web-01", 1), type: "nope" };
    const mixed = await send(server, agent.headers, encode([bad, cpu("web-01", 7), cpu("web-02", 8)]));
    assert.equal(mixed.status, 202);
    assert.equal(mixed.answer.accepted, 1);
    assert.deepEqual(mixed.answer.rejected.map(({ index }: { index: number }) => index), [0, 2]);
    assert.equal((await detailOf(server, agent.id)).figures.cpu_percent, 7);
    const none = await send(server, agent.headers, encode([bad, bad]));
    assert.equal(none.status, 422);
    assert.match(
      none.answer.detail,
      /None of the 2 envelopes is valid; the first: unknown envelope type "nope"/,
    );
  }));

Deno.test("every bad body is answered with a problem, and the server keeps serving", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const gzipped = gzipSync(encode([cpu("web-01", 1)]));
    const deep = "[".repeat(40) + "]".repeat(40);
    const bodies: readonly (readonly [string, number, BodyInit, Record<string, string>])[] = [
      ["malformed gzip", 400, "this is no gzip", { "content-encoding": "gzip" }],
      ["truncated gzip", 400, new Uint8Array(gzipped.subarray(0, -9)), { "content-encoding": "gzip" }],
      ["a gzip bomb", 413, new Uint8Array(gzipSync(new Uint8Array(40_000_000))), {
        "content-encoding": "gzip",
      }],
      ["a zstd bomb", 413, new Uint8Array(zstdCompressSync(new Uint8Array(40_000_000))), {
        "content-encoding": "zstd",
      }],
      ["an unknown coding", 415, "x", { "content-encoding": "br" }],
      ["too many bytes", 413, new Uint8Array(5_000_000), {}],
      ["truncated JSON", 400, '[{"type":"cpu"', {}],
      ["deep JSON", 400, deep, {}],
      ["NaN", 400, '[{"type":"cpu","data":{"usage":NaN}}]', {}],
      ["no UTF-8", 400, new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), {}],
      ["nothing", 400, "", {}],
      ["no array", 400, "{}", {}],
      ["too many envelopes", 413, `[${Array(10_001).fill("0").join()}]`, {}],
      ["no envelope", 422, "[null]", {}],
    ];
    for (const [what, status, body, headers] of bodies) {
      const sent = await send(server, { ...agent.headers, ...headers }, body);
      assert.equal(sent.status, status, what);
      assert.equal(sent.answer.status, status, what);
    }
    const good = await send(server, agent.headers, encode([cpu("web-01", 3)]));
    assert.equal(good.status, 202);
  }));

Deno.test("an agent sends for its own host and id only", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const other = await server.register("web-02");
    const body = encode([cpu("web-02", 1)]);
    for (const path of ["/api/v1/metrics?hostname=web-02", `/api/v1/agents/${other.id}/metrics`]) {
      assert.equal((await send(server, agent.headers, body, path)).status, 403);
    }
  }));

Deno.test("an anonymous agent needs no register, and has no way to a registered name", () =>
  withServer(async (server) => {
    await server.register("web-01");
    const path = (hostname: string) => `/api/v1/metrics?hostname=${encodeURIComponent(hostname)}`;
    assert.equal((await send(server, {}, encode([cpu("v1", 1)]), path("v1"))).status, 202);
    assert.equal((await send(server, {}, encode([cpu("web-01", 1)]), path("web-01"))).status, 403);
    assert.equal((await send(server, {}, encode([cpu("v1", 1)]))).status, 400);
    assert.equal((await send(server, {}, encode([]), path("a\nb"))).status, 400);
    assert.equal((await send(server, { authorization: "Bearer x" }, encode([]), path("v1"))).status, 401);
  }, { allowAnonymousAgents: true }));

Deno.test("an anonymous host is made by what it sends only; the longest silent one makes room", async () => {
  const clock = fakeClock();
  await withServer(async (server) => {
    const { agents } = server.services;
    const sendAs = (hostname: string) =>
      send(server, {}, encode([cpu(hostname, 1, clock.now())]), `/api/v1/metrics?hostname=${hostname}`);
    for (const path of ["command", "command_result", "heartbeat"]) {
      const response = await fetch(`${server.url}/api/v1/agent/${path}?hostname=v1&wait=0`, {
        method: path === "command" ? "GET" : "POST",
      });
      assert.equal(response.status, 404, path);
      await response.body?.cancel();
    }
    assert.deepEqual([...agents.all()], []);
    for (let index = 0; index < agentLimits.anonymous; index++) await agents.anonymous(`host-${index}`);
    for (const agent of agents.all()) agents.touch(agent);
    assert.equal((await sendAs("new")).status, 403);
    await clock.advance(3_600_000);
    for (const agent of agents.all()) if (agent.hostname !== "host-7") agents.touch(agent);
    await clock.advance(1000);
    assert.equal((await sendAs("new")).status, 202);
    assert.deepEqual(agents.byHostname("host-7"), []);
    assert.equal((await sendAs("newer")).status, 403);
  }, { allowAnonymousAgents: true, clock });
});

Deno.test("a heartbeat keeps a host heard of", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    for (const path of ["/api/v1/agent/heartbeat?hostname=web-01", `/api/v1/agents/${agent.id}/heartbeat`]) {
      const { status, answer } = await send(server, agent.headers, "{}", path);
      assert.equal(status, 200);
      assert.ok(Math.abs(Date.parse(answer.server_time) - Date.now()) < 60_000);
    }
  }));

Deno.test("a body that never ends is given up, and others are served meanwhile", async () => {
  const clock = fakeClock();
  await withServer(async (server) => {
    const agent = await server.register("web-01");
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    const head =
      `POST /api/v1/metrics HTTP/1.1\r\nHost: x\r\nAuthorization: ${agent.headers.authorization}\r\n` +
      "Content-Length: 1000\r\n\r\n[";
    await connection.write(new TextEncoder().encode(head));
    await waitFor("the body is being received", () => server.services.bodies.usedBytes === 1);
    assert.equal((await send(server, agent.headers, encode([cpu("web-01", 1, clock.now())]))).status, 202);
    await clock.advance(bodyDeadlineMs);
    const answer = new Uint8Array(4096);
    const length = await connection.read(answer) ?? 0;
    assert.match(new TextDecoder().decode(answer.subarray(0, length)), /^HTTP\/1\.1 408 /);
    await waitFor("its bytes are given back", () => server.services.bodies.usedBytes === 0);
    connection.close();
  }, { clock });
});

Deno.test("others are served while a large batch is judged", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const cores = Array(400).fill(1);
    const heavy = Array(9900).fill({ ...cpu("web-01", 1), data: { cores } });
    const body = new Uint8Array(gzipSync(encode(heavy)));
    let judging = true;
    const sending = send(server, { ...agent.headers, "content-encoding": "gzip" }, body).finally(() =>
      judging = false
    );
    let served = 0;
    let slowestMs = 0;
    while (judging) {
      const startMs = performance.now();
      assert.equal(await (await fetch(`${server.url}/healthz`)).text(), "ok\n");
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
      served++;
    }
    assert.equal((await sending).answer.accepted, heavy.length);
    assert.ok(served >= 5, `${served} served meanwhile, the slowest in ${slowestMs} ms`);
  }));

/** Begins a request whose body is never ended. */
async function beginBody(server: TestServer, path: string, headers: Record<string, string>, part: string) {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\n${lines}Content-Length: 4000000\r\n\r\n`;
  await connection.write(new TextEncoder().encode(head + part));
  return connection;
}

Deno.test("an agent has two bodies in flight, which take from the others only what has arrived", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const other = await server.register("web-02");
    const begin = () => beginBody(server, "/api/v1/metrics", agent.headers, "[1,");
    const connections = [await begin(), await begin()];
    await waitFor("both are being received", () => server.services.bodies.usedBytes === 6);
    const third = await fetch(`${server.url}/api/v1/metrics`, {
      method: "POST",
      headers: agent.headers,
      body: encode([cpu("web-01", 1)]),
    });
    assert.deepEqual([third.status, third.headers.get("retry-after")], [429, "1"]);
    await third.body?.cancel();
    assert.equal((await send(server, other.headers, encode([cpu("web-02", 1)]))).status, 202);
    for (const connection of connections) connection.close();
    await waitFor("both are given back", () => server.services.bodies.usedBytes === 0);
    assert.equal((await send(server, agent.headers, encode([cpu("web-01", 1)]))).status, 202);
    const metrics = await (await fetch(`${server.url}/metrics`, { headers: server.admin })).text();
    assert.match(metrics, /^spectra_server_request_errors_total 0$/m, "who hangs up is no error of ours");
  }));

Deno.test("results and registrations count against the same budget, and are bounded in number", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01", ["LIST_MOUNTS"]);
    const resultPath = "/api/v1/agent/command_result";
    const unexpected = await send(server, agent.headers, new Uint8Array(100_000), resultPath);
    assert.deepEqual([unexpected.status, unexpected.answer.detail], [
      409,
      "No command waits for a result of this agent.",
    ]);
    await fetch(`${server.url}/api/v1/commands?queue=true`, {
      method: "POST",
      headers: server.admin,
      body: JSON.stringify({ agent_id: agent.id, type: "LIST_MOUNTS" }),
    }).then((response) => response.body?.cancel());
    await fetch(`${server.url}/api/v1/agent/command?wait=1`, { headers: agent.headers })
      .then((response) => response.body?.cancel());
    const results = [
      await beginBody(server, resultPath, agent.headers, "{1"),
      await beginBody(server, resultPath, agent.headers, "{1"),
    ];
    await waitFor("both results are being received", () => server.services.bodies.usedBytes === 4);
    assert.equal((await send(server, agent.headers, "{}", resultPath)).status, 429);
    const registerPath = "/api/v1/agent/register";
    const registrations = await Promise.all(
      Array.from({ length: 64 }, async () => {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
        const head = `POST ${registerPath} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{`;
        await connection.write(new TextEncoder().encode(head));
        return connection;
      }),
    );
    await waitFor("all are being received", () => server.services.bodies.usedBytes === 4 + 64);
    assert.equal((await send(server, {}, "{}", registerPath)).status, 429);
    for (const connection of [...results, ...registrations]) connection.close();
    await waitFor("all are given back", () => server.services.bodies.usedBytes === 0);
    assert.equal((await send(server, {}, "{}", registerPath)).status, 422);
  }));
