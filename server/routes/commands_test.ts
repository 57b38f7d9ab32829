import assert from "node:assert/strict";
import { commandRecordSchema, commandSchema } from "../../protocol/command.ts";
import { problemMediaType, problemSchema } from "../../protocol/problem.ts";
import { gzip } from "../../transport/codec.ts";
import { type TestServer, withServer } from "../../tests/support/running_server.ts";
import { waitFor } from "../../tests/support/wait.ts";

const mounts = [{ mountpoint: "/", device: "/dev/vda1", fstype: "ext4" }];
const allKinds = ["FETCH_LOGS", "DISK_USAGE", "LIST_MOUNTS", "NETWORK_DIAG", "WATCH"];

type Headers = Readonly<Record<string, string>>;

function poll({ url }: TestServer, headers: Headers, wait = 10, signal?: AbortSignal): Promise<Response> {
  const init = signal === undefined ? { headers } : { headers, signal };
  return fetch(`${url}/api/v1/agent/command?wait=${wait}`, init);
}

async function command(response: Promise<Response>) {
  const answer = await response;
  assert.equal(answer.status, 200);
  return commandSchema.parse(await answer.json());
}

async function sendResult({ url }: TestServer, headers: Headers, body: BodyInit | object): Promise<Response> {
  const isPlain = typeof body === "object" && Object.getPrototypeOf(body) === Object.prototype;
  return await fetch(`${url}/api/v1/agent/command_result`, {
    method: "POST",
    headers,
    body: isPlain ? JSON.stringify(body) : body as BodyInit,
  });
}

function ask({ url, admin }: TestServer, body: unknown, query = ""): Promise<Response> {
  return fetch(`${url}/api/v1/commands${query}`, {
    method: "POST",
    headers: admin,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

function trigger({ url, admin }: TestServer, path: string, headers: Headers = {}): Promise<Response> {
  return fetch(`${url}/admin/trigger_${path}`, { method: "POST", headers: { ...admin, ...headers } });
}

async function problem(response: Response, status: number): Promise<string> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(response.headers.get("content-type"), problemMediaType);
  return problemSchema.parse(JSON.parse(text)).detail;
}

async function status(response: Response): Promise<number> {
  await response.body?.cancel();
  return response.status;
}

Deno.test("one request is a whole diagnosis: asked with wait, fetched by an open poll, answered", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", allKinds);
    const polling = poll(server, agent.headers, 30);
    await waitFor("the poll is open", () => server.services.commands.openPolls === 1);
    const asked = ask(server, { hostname: "web-01", type: "LIST_MOUNTS" }, "?wait=30");
    const received = await command(polling);
    assert.equal(received.type, "LIST_MOUNTS");
    assert.equal(
      await status(await sendResult(server, agent.headers, { ...received, payload: mounts })),
      200,
    );
    const answer = await asked;
    assert.equal(answer.status, 200);
    const record = commandRecordSchema.parse(await answer.json());
    assert.equal(record.status, "done");
    assert.deepEqual(record.result, mounts);
    assert.equal(record.asked_by, "admin");
    const list =
      await (await fetch(`${server.url}/api/v1/commands?hostname=web-01`, { headers: server.admin })).json();
    assert.deepEqual(list.commands.map(({ id }: { id: string }) => id), [record.id]);
    assert.equal("result" in list.commands[0], false);
    const one = await (await fetch(`${server.url}/api/v1/commands/${record.id}`, { headers: server.admin }))
      .json();
    assert.deepEqual(one, record);
  });
});

Deno.test("a trigger answers text, JSON where asked, and its arguments reach the agent in args and in base64", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", allKinds);
    const path = encodeURIComponent("/srv/été 🦕");
    const text = await trigger(server, `disk?hostname=web-01&path=${path}`);
    assert.equal(text.status, 202);
    assert.match(await text.text(), /^Queued DISK_USAGE for web-01/);
    const received = await command(poll(server, agent.headers));
    assert.deepEqual(received.args, { path: "/srv/été 🦕", top_n: 20 });
    const bytes = Uint8Array.from(atob(received.payload ?? ""), (character) => character.charCodeAt(0));
    assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes)), received.args);

    const json = await trigger(server, `logs?agent_id=${agent.id}&min_level=ERROR&limit=5`, {
      accept: "application/json",
    });
    assert.equal(json.status, 202);
    const record = commandRecordSchema.parse(await json.json());
    assert.deepEqual(record.args, { min_level: "ERROR", limit: 5 });
    const late = await trigger(server, "network?hostname=web-01&action=netstat&wait=0");
    assert.equal(late.status, 202);
    assert.equal(commandRecordSchema.parse(await late.json()).status, "queued");
  });
});

Deno.test("asking is refused with what is wrong, naming it", async () => {
  await withServer(async (server) => {
    await server.register("web-01", ["LIST_MOUNTS", "NETWORK_DIAG"]);
    const twins = [await server.register("twin", allKinds), await server.register("twin", allKinds)];
    const cases: [Promise<Response>, number, RegExp][] = [
      [trigger(server, "logs"), 422, /hostname or agent_id/],
      [trigger(server, "logs?hostname="), 422, /hostname or agent_id/],
      [trigger(server, "logs?hostname=unknown"), 404, /hostname/],
      [trigger(server, "logs?agent_id=..%2F__proto__"), 404, /agent_id/],
      [trigger(server, "disk?hostname=web-01"), 422, /^path: /],
      [trigger(server, "disk?hostname=web-01&path=/&top_n=many"), 422, /^top_n: /],
      [trigger(server, "disk?hostname=web-01&path=/&top_n=1e2"), 422, /^top_n: /],
      [trigger(server, "disk?hostname=web-01&path=/&top_n=100000"), 422, /^top_n: .*1000/],
      [trigger(server, "logs?hostname=web-01&min_level=loud"), 422, /^min_level: .*DEBUG/],
      [trigger(server, "network?hostname=web-01&action=dance"), 422, /^action: .*ping/],
      [trigger(server, "network?hostname=web-01&action=ping"), 422, /^target: /],
      [trigger(server, "network?hostname=web-01&action=netstat&wait=soon"), 422, /^wait: /],
      [trigger(server, "network?hostname=web-01&action=netstat&wait=-1"), 422, /^wait: /],
      [trigger(server, "network?hostname=web-01&action=netstat&queue=yes"), 422, /^queue: /],
      [trigger(server, "disk?hostname=web-01&path=/"), 422, /cannot run DISK_USAGE: it runs LIST_MOUNTS/],
      [ask(server, { hostname: "web-01", type: "rm -rf" }), 422, /^type: .*LIST_MOUNTS/],
      [ask(server, { hostname: "web-01", type: "WATCH", args: {} }), 422, /^type: /],
      [ask(server, { hostname: "web-01", type: "__proto__" }), 422, /^type: /],
      [ask(server, { hostname: "web-01", type: 7 }), 422, /^type: must be string/],
      [
        ask(server, { hostname: "web-01", type: "NETWORK_DIAG", args: { action: "connect", target: 5 } }),
        422,
        /^target: /,
      ],
      [ask(server, []), 422, /./],
      [ask(server, "{"), 400, /JSON/],
      [ask(server, "[".repeat(100)), 400, /nested/],
      [ask(server, " ".repeat(70_000)), 413, /longer/],
      [fetch(`${server.url}/api/v1/commands?limit=0`, { headers: server.admin }), 422, /^limit: /],
      [fetch(`${server.url}/api/v1/commands/..%2F..%2Fetc`, { headers: server.admin }), 404, /command/],
      [
        fetch(`${server.url}/api/v1/commands/AAAAAAAAAAAAAAAAAAAAAA`, { headers: server.admin }),
        404,
        /command/,
      ],
      [fetch(`${server.url}/admin/trigger_logs?hostname=web-01`, { method: "POST" }), 401, /admin token/],
    ];
    for (const [response, expected, detail] of cases) {
      assert.match(await problem(await response, expected), detail);
    }
    const conflict = await problem(await trigger(server, "logs?hostname=twin"), 409);
    for (const { id } of twins) assert.ok(conflict.includes(id), conflict);
  });
});

Deno.test("a host that is offline is refused, unless the command may wait for it", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", allKinds);
    const known = server.services.agents.byId(agent.id);
    assert.ok(known);
    known.lastSeenMs = Date.now() - 3_600_000;
    known.lastSeenMonotonicMs = performance.now() - 3_600_000;
    assert.match(await problem(await trigger(server, "logs?hostname=web-01"), 409), /offline.*queue=true/);
    assert.equal(await status(await trigger(server, "logs?hostname=web-01&queue=true")), 202);
    assert.equal((await command(poll(server, agent.headers))).type, "FETCH_LOGS");
    assert.ok(Date.now() - known.lastSeenMs < 60_000, "the poll is a heartbeat");
  });
});

Deno.test("the queue of a host is full at 100 commands: 503 with Retry-After", async () => {
  await withServer(async (server) => {
    await server.register("web-01", allKinds);
    for (let count = 0; count < 100; count++) {
      assert.equal(await status(await trigger(server, "logs?hostname=web-01")), 202);
    }
    const full = await trigger(server, "logs?hostname=web-01");
    assert.ok(full.headers.get("retry-after"));
    assert.match(await problem(full, 503), /100 commands/);
  });
});

Deno.test("results that are forged, foreign, replayed or malformed change nothing", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", allKinds);
    const other = await server.register("web-02", allKinds);
    await status(await ask(server, { hostname: "web-01", type: "LIST_MOUNTS" }));
    const { id, type } = await command(poll(server, agent.headers));
    const good = { id, type, payload: mounts };
    const refused: [Promise<Response>, number, RegExp][] = [
      [sendResult(server, other.headers, good), 409, /no such command/],
      [sendResult(server, agent.headers, { ...good, id: "AAAAAAAAAAAAAAAAAAAAAA" }), 409, /no such command/],
      [sendResult(server, agent.headers, { ...good, type: "FETCH_LOGS" }), 409, /is of type LIST_MOUNTS/],
      [sendResult(server, agent.headers, { ...good, id: 7 }), 422, /id: must be string/],
      [sendResult(server, agent.headers, { ...good, id: "x".repeat(65) }), 422, /id: /],
      [sendResult(server, agent.headers, "not json"), 400, /JSON/],
      [sendResult(server, { ...agent.headers, "content-encoding": "gzip" }, "not gzip"), 400, /gzip/],
      [sendResult(server, { ...agent.headers, "content-encoding": "br" }, "x"), 415, /br/],
      [sendResult(server, { authorization: "Bearer forged" }, good), 401, /key/],
    ];
    for (const [response, expected, detail] of refused) {
      assert.match(await problem(await response, expected), detail);
    }
    const bomb = await gzip(new Uint8Array(9 * 1024 * 1024));
    await problem(await sendResult(server, { ...agent.headers, "content-encoding": "gzip" }, bomb), 413);

    const zipped = await gzip(new TextEncoder().encode(JSON.stringify(good)));
    const taken = await sendResult(server, { ...agent.headers, "content-encoding": "gzip" }, zipped);
    assert.deepEqual(await taken.json(), {});
    assert.match(await problem(await sendResult(server, agent.headers, good), 409), /has ended as done/);
  });
});

Deno.test("polls: bad waits are refused, empty ones end in time, the newest wins, a cut one is freed", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", allKinds);
    for (const wait of ["x", "-1", "1.5", "1e3", ""]) {
      const response = await fetch(`${server.url}/api/v1/agent/command?wait=${wait}`, {
        headers: agent.headers,
      });
      assert.match(await problem(response, 400), /^wait: /);
    }
    assert.equal(await status(await poll(server, agent.headers, 0)), 204);
    const older = poll(server, agent.headers, 60);
    await waitFor("the poll is open", () => server.services.commands.openPolls === 1);
    const cut = new AbortController();
    const newer = poll(server, agent.headers, 9999, cut.signal);
    assert.equal(await status(await older), 204);
    cut.abort();
    await assert.rejects(newer);
    await waitFor("the cut poll is freed", () => server.services.commands.openPolls === 0);
  });
});

Deno.test("the REST form polls and answers by agent id, for its own agent only", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", allKinds);
    const other = await server.register("web-02", allKinds);
    await status(await ask(server, { agent_id: agent.id, type: "LIST_MOUNTS" }));
    const path = `${server.url}/api/v1/agents/${agent.id}`;
    await problem(await fetch(`${path}/commands?wait=0`, { headers: other.headers }), 403);
    const { id, type } = await command(fetch(`${path}/commands?wait=5`, { headers: agent.headers }));
    const body = JSON.stringify({ id, type, payload: [] });
    await problem(
      await fetch(`${path}/command_result`, { method: "POST", headers: other.headers, body }),
      403,
    );
    assert.equal(
      await status(await fetch(`${path}/command_result`, { method: "POST", headers: agent.headers, body })),
      200,
    );
  });
});

Deno.test("200 polls wait at once, the server answers beside them, and each gets its own command", async () => {
  await withServer(async (server) => {
    const names = Array.from({ length: 200 }, (_, index) => `host-${index}`);
    const agents = await Promise.all(names.map((name) => server.register(name, allKinds)));
    const polls = agents.map(({ headers }) => command(poll(server, headers, 60)));
    await waitFor("all polls are open", () => server.services.commands.openPolls === 200);
    assert.equal(await status(await fetch(`${server.url}/readyz`)), 200);
    const ids = await Promise.all(names.map(async (hostname) => {
      const asked = await ask(server, { hostname, type: "LIST_MOUNTS" });
      return commandRecordSchema.parse(await asked.json()).id;
    }));
    assert.deepEqual((await Promise.all(polls)).map(({ id }) => id), ids);
  });
});
