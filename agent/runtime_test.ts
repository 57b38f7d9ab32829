import assert from "node:assert/strict";
import { systemClock } from "../lib/clock.ts";
import { parseEnvelope } from "../protocol/envelope.ts";
import { inflate } from "../transport/codec.ts";
import { fakeDefinition } from "../tests/support/fake_collector.ts";
import { freePort } from "../tests/support/spectra.ts";
import { waitFor } from "../tests/support/wait.ts";
import type { AgentOptions } from "./options.ts";
import { careForProcess } from "./process_care.ts";
import { startAgent } from "./runtime.ts";

// Loads libc, which stays loaded as long as the process lives, before a test is watched for what it leaves behind.
careForProcess(systemClock)();

/** What of the protocol an agent needs, on loopback; what came is kept. */
function fakeServer(port = 0) {
  const envelopes: { type: string; hostname: string; data: unknown }[] = [];
  const registrations: Record<string, unknown>[] = [];
  const results: unknown[] = [];
  const commands: unknown[] = [];
  const state = { status: 202 };
  const limits = { compressed_bytes: 1, decompressed_bytes: 1, envelopes: 1, json_depth: 1 };

  const handlers: Record<string, (request: Request) => Promise<Response>> = {
    async "/api/v1/agent/register"(request) {
      const info = await request.json();
      registrations.push(info);
      return Response.json({
        agent_id: "a1",
        agent_key: "key-1",
        tenant: "default",
        server_time: new Date().toISOString(),
        config: { limits },
      });
    },
    async "/api/v1/metrics"(request) {
      const body = await inflate(new Uint8Array(await request.arrayBuffer()), "gzip");
      if (state.status !== 202) return new Response(null, { status: state.status });
      const batch: unknown[] = JSON.parse(new TextDecoder().decode(body));
      for (const value of batch) {
        const verdict = parseEnvelope(value);
        assert(verdict.ok, JSON.stringify(verdict));
        envelopes.push(verdict.envelope);
      }
      return Response.json({ accepted: batch.length, duplicate: false, rejected: [] }, { status: 202 });
    },
    async "/api/v1/agent/command"(request) {
      for (let waited = 0; waited < 200 && !request.signal.aborted; waited++) {
        const command = commands.shift();
        if (command !== undefined) return Response.json(command);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return new Response(null, { status: 204 });
    },
    async "/api/v1/agent/command_result"(request) {
      const body = await inflate(new Uint8Array(await request.arrayBuffer()), "gzip");
      results.push(JSON.parse(new TextDecoder().decode(body)));
      return Response.json({});
    },
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, (request) => {
    const handler = handlers[new URL(request.url).pathname];
    return handler === undefined ? new Response(null, { status: 404 }) : handler(request);
  });
  return {
    port: server.addr.port,
    url: `http://127.0.0.1:${server.addr.port}`,
    envelopes,
    registrations,
    results,
    commands,
    state,
    close: () => server.shutdown(),
  };
}

/** A collector that counts its readings, so that what is lost or doubled shows. */
function counting() {
  let readings = 0;
  return fakeDefinition("counting", () => [{ type: "cpu", data: { usage: ++readings } }], {
    intervalSeconds: 1,
  });
}

function usagesOf(server: ReturnType<typeof fakeServer>): unknown[] {
  return server.envelopes.filter(({ type }) => type === "cpu").map(({ data }) => Object(data).usage);
}

async function withAgentFolder(run: (options: (serverUrl: string) => AgentOptions) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/token`, "token-1");
  try {
    await run((serverUrl) => ({
      serverUrl,
      dataDirectory: `${folder}/agent`,
      hostname: "web-01",
      tokenFile: `${folder}/token`,
      hostFs: {},
      collectors: { disabled: [], minimumIntervalSeconds: 1, intervalSeconds: {}, settings: {} },
      bufferMaxEnvelopes: 1_000,
      batchMaxEnvelopes: 100,
      batchMaxSeconds: 0.05,
      heartbeatSeconds: 1,
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("startAgent registers, delivers measurements and runs commands until it is stopped", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const agent = startAgent(options(server.url), { definitions: [counting()] });
    await waitFor("measurements arrive", () => usagesOf(server).length >= 2);
    const [info] = server.registrations;
    assert.equal(info?.["hostname"], "web-01");
    assert.equal(info?.["enrollment_token"], "token-1");
    assert(Array.isArray(info?.["capabilities"]) && info["capabilities"].includes("WATCH"));
    assert(server.envelopes.some(({ type }) => type === "agent"), "the agent reports itself");

    const args = { action: "connect", target: `127.0.0.1:${server.port}`, count: 1 };
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    server.commands.push({ id: "c1", type: "NETWORK_DIAG", args, expires_at });
    const [result] = await waitFor("the result arrives", () => server.results.length > 0 && server.results);
    assert.match(JSON.stringify(result), /"id":"c1".*"success":true/);

    await agent.stop();
    await agent.done;
    const usages = usagesOf(server);
    assert.deepEqual(usages, usages.map((_, index) => index + 1), "in order, none lost, none twice");
    await server.close();
  });
});

Deno.test("startAgent collects before the server is there and delivers it all when it comes", async () => {
  await withAgentFolder(async (options) => {
    const gone = fakeServer();
    await gone.close();
    let readings = 0;
    const definition = fakeDefinition("counting", () => [{ type: "cpu", data: { usage: ++readings } }], {
      intervalSeconds: 1,
    });
    const agent = startAgent(options(gone.url), { definitions: [definition], random: () => 0 });
    await waitFor("it collects", () => readings >= 2);
    const server = fakeServer(gone.port);
    await waitFor("measurements arrive", () => usagesOf(server).length >= 2);
    assert.deepEqual(usagesOf(server).slice(0, 2), [1, 2]);
    await agent.stop();
    await server.close();
  });
});

Deno.test("startAgent keeps what waits when it is reloaded with another server", async () => {
  await withAgentFolder(async (options) => {
    const first = fakeServer();
    const second = fakeServer();
    first.state.status = 503;
    const agent = startAgent(options(first.url), { definitions: [counting()], random: () => 0 });
    await waitFor("the first has registered it", () => first.registrations.length > 0);
    await agent.reload(options(second.url));
    await waitFor("the second gets measurements", () => usagesOf(second).length >= 2);
    assert.deepEqual(usagesOf(first), []);
    assert.equal(usagesOf(second)[0], 1);
    await agent.stop();
    await first.close();
    await second.close();
  });
});

Deno.test("startAgent stays linked and changes its collectors when it is reloaded with those", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const agent = startAgent(options(server.url), { definitions: [counting()] });
    await waitFor("measurements arrive", () => usagesOf(server).length > 0);
    const before = options(server.url);
    await agent.reload({ ...before, collectors: { ...before.collectors, disabled: ["counting"] } });
    const agents = () => server.envelopes.filter(({ type }) => type === "agent");
    const count = agents().length;
    const last = await waitFor("the agent reports itself again", () => agents()[count]);
    assert.doesNotMatch(JSON.stringify(last.data), /counting/);
    assert.equal(server.registrations.length, 1);
    await agent.stop();
    await server.close();
  });
});

Deno.test("startAgent reports as lost what it could not deliver when the host was renamed", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    server.state.status = 503;
    const agent = startAgent(options(server.url), { definitions: [counting()], random: () => 0 });
    await waitFor("it is registered", () => server.registrations.length > 0);
    const renamed = agent.reload({ ...options(server.url), hostname: "web-02" });
    await renamed;
    server.state.status = 202;
    await waitFor("measurements arrive", () => usagesOf(server).length > 0);
    const tombstone = server.envelopes.find(({ type }) => type === "tombstone");
    assert.equal(tombstone?.hostname, "web-02");
    assert.match(JSON.stringify(tombstone?.data), /"reason":"renamed"/);
    assert(server.envelopes.every(({ hostname }) => hostname === "web-02"));
    await agent.stop();
    await server.close();
  });
});

Deno.test("startAgent says what to do and ends when its identity is damaged", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const { dataDirectory } = options(server.url);
    await Deno.mkdir(dataDirectory);
    await Deno.writeTextFile(`${dataDirectory}/identity.json`, "{");
    const agent = startAgent(options(server.url), { definitions: [] });
    await assert.rejects(agent.done, /identity\.json is damaged: remove it/);
    await agent.stop();
    await server.close();
  });
});

Deno.test("startAgent refuses a data directory that another agent has, and registers nothing", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const first = startAgent(options(server.url), { definitions: [] });
    await waitFor("it is registered", () => server.registrations.length === 1);
    const second = startAgent(options(server.url), { definitions: [] });
    await assert.rejects(second.done, /agent is in use by another agent: stop that one, .*--data DIR/);
    await second.stop();
    await first.reload({ ...options(server.url), heartbeatSeconds: 2 });
    await first.stop();
    assert(
      server.registrations.every(({ enrollment_token: token }, index) =>
        (token !== undefined) === (index === 0)
      ),
    );
    const third = startAgent(options(server.url), { definitions: [] });
    await third.stop();
    await third.done;
    await server.close();
  });
});

Deno.test({
  name: "startAgent registers nothing when its data directory takes no files",
  ignore: Deno.build.os !== "linux", // Nobody, root included, makes files in /proc.
  async fn() {
    await withAgentFolder(async (options) => {
      const server = fakeServer();
      const agent = startAgent({ ...options(server.url), dataDirectory: "/proc" }, { definitions: [] });
      await assert.rejects(agent.done, /Cannot write to the directory \/proc/);
      await agent.stop();
      assert.deepEqual(server.registrations, []);
      await server.close();
    });
  },
});

Deno.test("startAgent ends within 5 s when a server does not answer any more", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const agent = startAgent(options(server.url), { definitions: [counting()], random: () => 0 });
    await waitFor("measurements arrive", () => usagesOf(server).length > 0);
    server.state.status = 503;
    const startedMs = performance.now();
    await agent.stop();
    assert(performance.now() - startedMs < 5_500);
    await server.close();
  });
});

Deno.test("startAgent serves what it measured where metrics are asked for, and there alone", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const port = freePort();
    const metrics = () =>
      fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text(), () => "");
    const metricsListen = { hostname: "127.0.0.1", port };
    const agent = startAgent({ ...options(server.url), metricsListen }, { definitions: [counting()] });
    const text = await waitFor("metrics are served", async () => await metrics() || undefined);
    assert.match(text, /^spectra_cpu_usage_percent \d+$/m);
    assert.match(text, /^node_scrape_collector_success\{collector="agent"\} 1$/m);
    await agent.reload(options(server.url));
    assert.equal(await metrics(), "");
    await agent.stop();
    await server.close();
  });
});

Deno.test("startAgent says which address it can't listen on for metrics, and ends", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const metricsListen = { hostname: "127.0.0.1", port: server.port };
    const agent = startAgent({ ...options(server.url), metricsListen }, { definitions: [] });
    await assert.rejects(agent.done, new RegExp(`Cannot listen on 127.0.0.1:${server.port} for metrics`));
    await agent.stop();
    await server.close();
  });
});

Deno.test("startAgent gives a collector its settings and a private folder for its state", async () => {
  await withAgentFolder(async (options) => {
    const server = fakeServer();
    const made = Promise.withResolvers<unknown>();
    const definition = fakeDefinition("configured", () => [], {
      create(host, settings) {
        made.resolve({ settings, mode: (Deno.statSync(host.stateDirectory ?? "").mode ?? 0) & 0o777 });
        return { collect: () => [] };
      },
    });
    const { collectors, ...rest } = options(server.url);
    const settings = { configured: { used: "free" } };
    const agent = startAgent({ ...rest, collectors: { ...collectors, settings } }, {
      definitions: [definition],
    });
    assert.deepEqual(await made.promise, { settings: settings.configured, mode: 0o700 });
    await agent.stop();
    await server.close();
  });
});
