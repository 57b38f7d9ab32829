import assert from "node:assert/strict";
import { liveEventSchemas } from "../../protocol/api.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { type TestServer, withServer } from "../../tests/support/running_server.ts";
import { waitFor } from "../../tests/support/wait.ts";

interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Opens the feed; `next` gives the next event of a name. */
async function listen({ url, admin }: TestServer, query = "", headers: Record<string, string> = {}) {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/live${query}`, {
    headers: { ...admin, ...headers },
    signal: abort.signal,
  });
  assert.equal(response.status, 200);
  assert.ok(response.body);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  async function read(): Promise<ServerSentEvent> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const fields = new Map(
          text.slice(0, end).split("\n").map((
            line,
          ) => [line.split(": ", 1)[0], line.replace(/^[^:]*: /, "")]),
        );
        text = text.slice(end + 2);
        const [id, event, data] = [fields.get("id"), fields.get("event"), fields.get("data")];
        if (id !== undefined && event !== undefined && data !== undefined) {
          return { id, event, data: JSON.parse(data) };
        }
        continue;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error("the feed ended");
      text += value;
    }
  }
  return {
    response,
    read,
    async next(name: string): Promise<ServerSentEvent> {
      for (;;) {
        const event = await read();
        if (event.event === name) return event;
      }
    },
    async close() {
      abort.abort();
      await reader.cancel().catch(() => {}); // aborted already
    },
  };
}

let seconds = 0;

async function sendCpu(
  { url }: TestServer,
  headers: Record<string, string>,
  hostname: string,
): Promise<void> {
  seconds++;
  const timestamp = new Date(Date.now() + seconds).toISOString();
  const response = await fetch(`${url}/api/v1/metrics`, {
    method: "POST",
    headers,
    body: JSON.stringify([{ type: "cpu", timestamp, hostname, data: { usage: 42, user_seconds: seconds } }]),
  });
  assert.equal(response.status, 202, await response.text());
}

Deno.test("the feed streams a snapshot, host changes and the samples of the host that is looked at", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01", ["WATCH"]);
    const feed = await listen(server, `?agent_id=${agent.id}`);
    assert.equal(feed.response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(feed.response.headers.get("cache-control"), "no-transform, no-store");
    assert.equal(feed.response.headers.get("x-accel-buffering"), "no");
    const first = await feed.read();
    assert.equal(first.event, "snapshot");
    assert.equal(liveEventSchemas.snapshot.parse(first.data).hosts[0]?.hostname, "web-01");
    await sendCpu(server, agent.headers, "web-01");
    const samples = liveEventSchemas.samples.parse((await feed.next("samples")).data);
    assert.equal(samples.agent_id, agent.id);
    assert.equal(samples.values["cpu.usage"], 42);

    const watch = await fetch(`${server.url}/api/v1/agent/command?wait=5`, { headers: agent.headers });
    const { type, args } = await watch.json();
    assert.equal(type, "WATCH");
    assert.equal(args.interval_seconds, 1);
    await feed.close();
    await waitFor("the feed is freed", () => server.services.live.subscribers === 0);
  });
});

Deno.test("a browser resumes by header or query, and gets a snapshot for an id of nobody", async () => {
  await withServer(async (server) => {
    const agent = await server.register("web-01");
    const feed = await listen(server);
    await feed.read();
    await sendCpu(server, agent.headers, "web-01");
    const { id } = await feed.next("host");
    await feed.close();
    await sendCpu(server, agent.headers, "web-01");
    const byHeader = await listen(server, "", { "last-event-id": id });
    const byQuery = await listen(server, `?last_event_id=${id}`);
    const missed = await byHeader.read();
    assert.equal(missed.event, "host");
    assert.deepEqual(await byQuery.read(), missed);
    const lost = await listen(server, "?last_event_id=%00nonsense");
    assert.equal((await lost.read()).event, "snapshot");
    await Promise.all([byHeader.close(), byQuery.close(), lost.close()]);
  });
});

Deno.test("the feed refuses unknown hosts, strangers and one browser too many", async () => {
  await withServer(async (server) => {
    const refused = async (init: RequestInit, query = "") => {
      const response = await fetch(`${server.url}/api/v1/live${query}`, init);
      await response.body?.cancel();
      return response;
    };
    assert.equal((await refused({ headers: server.admin }, "?agent_id=..%2Fnobody")).status, 404);
    assert.equal((await refused({})).status, 401);
    const open = Array.from({ length: 200 }, () => server.services.live.subscribe({}));
    const full = await refused({ headers: server.admin });
    assert.equal(full.status, 503);
    assert.ok(full.headers.get("retry-after"));
    for (const subscription of open) subscription?.close();
    await (await listen(server)).close();
  });
});

Deno.test("a browser that never reads keeps neither the server nor other browsers waiting", async () => {
  await withServer(async (server) => {
    const names = Array.from({ length: 20 }, (_, index) => `host-${index}`);
    const agents = await Promise.all(names.map((name) => server.register(name)));
    const { hostname, port } = new URL(server.url);
    const silent = await Deno.connect({ hostname, port: Number(port) });
    const request =
      `GET /api/v1/live HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: ${server.admin.authorization}\r\n\r\n`;
    await silent.write(new TextEncoder().encode(request));
    await waitFor("the silent browser listens", () => server.services.live.subscribers === 1);
    const feed = await listen(server);
    await feed.read();
    for (let round = 0; round < 5; round++) {
      await Promise.all(agents.map(({ headers }, index) => sendCpu(server, headers, `host-${index}`)));
    }
    assert.equal((await feed.next("host")).event, "host");
    await feed.close();
    silent.close();
    await waitFor("both are freed", () => server.services.live.subscribers === 0);
  });
});

Deno.test("a silent feed is kept alive by a comment every 15 s", async () => {
  const clock = fakeClock();
  await withServer(async ({ url, admin }) => {
    const response = await fetch(`${url}/api/v1/live`, { headers: admin });
    let text = "";
    const reading = (async () => {
      for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += part;
    })();
    await waitFor("the snapshot", () => text.includes("event: snapshot"));
    assert.match(text, /^retry: 2000\n\n/);
    for (const pings of [1, 2]) {
      await clock.advance(15_000);
      await waitFor("a ping", () => text.split(": ping\n\n").length === pings + 1);
    }
    reading.catch(() => {}); // the connection may be cut when the server ends
  }, { clock });
});

Deno.test("the server stops while browsers listen", async () => {
  let ended: Promise<unknown> | undefined;
  const started = performance.now();
  await withServer(async (server) => {
    const feed = await listen(server);
    await feed.read();
    ended = feed.read();
    ended.catch(() => {}); // looked at below
  });
  await assert.rejects(ended ?? Promise.resolve(), /ended/);
  assert.ok(performance.now() - started < 4000, "without waiting for a time-out");
});

Deno.test("a session's feed ends when the session is signed out, and at a ping after its time", async () => {
  const clock = fakeClock();
  await withServer(async (server) => {
    const { sessions, live } = server.services;
    const open = async () => {
      const token = server.admin.authorization.replace("Bearer ", "");
      const secret = await sessions.signIn({ token }) ?? "";
      const cookie = `${sessions.cookieName}=${secret}`;
      const { body } = await fetch(`${server.url}/api/v1/live`, { headers: { cookie } });
      return { secret, ended: new Response(body).text() };
    };
    const signedOut = await open();
    await sessions.signOut(signedOut.secret);
    assert.match(await signedOut.ended, /event: snapshot/);
    const expired = await open();
    await waitFor("the browser listens", () => live.subscribers === 1);
    clock.setWall(clock.now() + 31 * 24 * 3_600_000);
    await waitFor("the feed ends", async () => {
      await clock.advance(15_000);
      return live.subscribers === 0;
    });
    await expired.ended;
  }, { clock });
});
