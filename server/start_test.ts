import assert from "node:assert/strict";
import { join } from "node:path";
import { type HostDetail, hostDetailSchema, hostListSchema, seriesAnswerSchema } from "../protocol/api.ts";
import { acceptedSchema } from "../protocol/batch.ts";
import { freePort, fromSource, start, waitUntilReady } from "../tests/support/spectra.ts";
import { waitFor } from "../tests/support/wait.ts";
import { openHistory } from "./history/history.ts";
import type { ServerOptions } from "./options.ts";
import { startServer } from "./start.ts";
import { OpeningError } from "./storage/rpc.ts";

async function withFolder(test: (options: ServerOptions) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "spectra-start-" });
  try {
    await test({
      listen: { hostname: "127.0.0.1", port: 0 },
      dataDirectory: join(folder, "server"),
      tokenDirectory: folder,
      allowAnonymousAgents: true,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function modeOf(path: string): Promise<number> {
  return ((await Deno.stat(path)).mode ?? 0) & 0o777;
}

async function sendUsage(url: string, sequence: number, usage: number, atMs: number) {
  const response = await fetch(`${url}/api/v1/metrics?hostname=web-01`, {
    method: "POST",
    headers: { "spectra-batch": `epoch/${sequence}` },
    body: JSON.stringify([
      { type: "cpu", timestamp: new Date(atMs).toISOString(), hostname: "web-01", data: { usage } },
    ]),
  });
  return { status: response.status, answer: acceptedSchema.parse(await response.json()) };
}

/** An admin who asks for the only host. */
async function admin(url: string, tokenDirectory: string) {
  const token = (await Deno.readTextFile(join(tokenDirectory, "admin-token"))).trim();
  const get = async (path: string): Promise<unknown> =>
    await (await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })).json();
  const [host] = hostListSchema.parse(await get("/api/v1/hosts")).hosts;
  const path = `/api/v1/hosts/${host?.agent_id}`;
  return {
    detail: async (): Promise<HostDetail> => hostDetailSchema.parse(await get(path)),
    usage: async () => {
      const answer = seriesAnswerSchema.parse(await get(`${path}/series?names=cpu.usage`));
      return answer.series[0]?.values.filter((value) => value !== null) ?? [];
    },
  };
}

Deno.test("startServer() makes private folders and tokens, and keeps the tokens", () =>
  withFolder(async (options) => {
    const tokens: string[] = [];
    for (let run = 0; run < 2; run++) {
      const server = await startServer(options);
      for (const path of [server.adminTokenPath, server.enrollmentTokenPath]) {
        if (Deno.build.os !== "windows") assert.equal(await modeOf(path), 0o600);
        tokens.push(await Deno.readTextFile(path));
      }
      assert.match(server.loginUrl(), /^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{16,}$/);
      await server.close();
    }
    assert.deepEqual(tokens.slice(0, 2), tokens.slice(2));
    assert.notEqual(tokens[0], tokens[1]);
    if (Deno.build.os !== "windows") assert.equal(await modeOf(options.dataDirectory), 0o700);
  }));

Deno.test("startServer() refuses a data directory that another server has, and a token file that holds none", () =>
  withFolder(async (options) => {
    const server = await startServer(options);
    await assert.rejects(startServer(options), /server is in use by another server/);
    await server.close();
    await Deno.writeTextFile(server.adminTokenPath, "short");
    await assert.rejects(startServer(options), /admin-token does not hold a token/);
  }));

Deno.test("startServer() names the address that it can't listen on, and leaves the data directory free", () =>
  withFolder(async (options) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const listen = { hostname: "127.0.0.1", port: listener.addr.port };
    await assert.rejects(
      startServer({ ...options, listen }),
      new RegExp(`Cannot listen on 127.0.0.1:${listen.port}`),
    );
    listener.close();
    await (await startServer(options)).close();
  }));

Deno.test("startServer() says what to do when nothing can be written to its data directory", () =>
  withFolder(async (options) => {
    await Deno.mkdir(join(options.dataDirectory, "server.lock"), { recursive: true }); // in the lock file's place, also for root
    await assert.rejects(startServer(options), /Cannot use the data directory .*server: make it writable/);
  }));

Deno.test("a history that can't be opened is tried again, and a failing step stops no later one of close()", () =>
  withFolder(async (options) => {
    const server = await startServer(options);
    const question = { agentId: "a", names: [], fromMs: 0, toMs: 1, raw: false };
    const history = openHistory(join(options.tokenDirectory, "none"));
    await assert.rejects(history.readSeries(question), OpeningError);
    await Deno.mkdir(join(options.tokenDirectory, "none"));
    await Deno.copyFile(
      join(options.dataDirectory, "metrics.db"),
      join(options.tokenDirectory, "none", "metrics.db"),
    );
    await assert.doesNotReject(history.readSeries(question));
    await history.close();

    await server.services.store.run("closeDatabases", null); // saving fails from now on
    const [agent] = [await server.services.agents.register({ hostname: "web-01" }).catch(() => undefined)];
    assert.equal(agent, undefined);
    await server.close();
    await (await startServer(options)).close(); // the directory was released
  }));

Deno.test("a restart keeps hosts, their latest state, their history and what was sent before", () =>
  withFolder(async (options) => {
    const begin = Date.now() - 60_000;
    const first = await startServer(options);
    for (let sequence = 1; sequence <= 5; sequence++) {
      await sendUsage(first.url, sequence, sequence, begin + sequence * 1000);
    }
    const before = await (await admin(first.url, options.tokenDirectory)).detail();
    await first.close();

    const second = await startServer(options);
    const ask = await admin(second.url, options.tokenDirectory);
    await waitFor("the latest state is there", async () => (await ask.detail()).latest.length > 0);
    assert.deepEqual(await ask.detail(), before);
    assert.deepEqual(await ask.usage(), [1, 2, 3, 4, 5]);
    assert.equal((await sendUsage(second.url, 5, 99, begin)).answer.duplicate, true);
    await second.close();
  }));

Deno.test("kill -9 while batches come in loses nothing that was acknowledged", () =>
  withFolder(async (options) => {
    const begin = Date.now() - 600_000;
    const acknowledged: number[] = [];
    let sequence = 0;
    for (let kill = 0; kill < 3; kill++) {
      const port = freePort();
      const url = `http://127.0.0.1:${port}`;
      const program = start(fromSource.spectra, [
        "server",
        "--allow-anonymous-agents",
        ...["--listen", `127.0.0.1:${port}`, "--data", options.dataDirectory],
      ], options.tokenDirectory);
      await waitUntilReady(url, program);
      let killed: Promise<number> | undefined;
      const target = acknowledged.length + 40;
      for (;;) {
        sequence++;
        try {
          const { status } = await sendUsage(url, sequence, sequence, begin + sequence * 1000);
          if (status === 202) acknowledged.push(sequence);
        } catch {
          break; // Killed: this batch was not acknowledged.
        }
        // Not waited for: batches go on coming in while the process dies.
        if (acknowledged.length === target) killed = program.stop("SIGKILL");
      }
      await killed;
    }
    const server = await startServer({ ...options, tokenDirectory: options.dataDirectory });
    const ask = await admin(server.url, options.dataDirectory);
    const newest = acknowledged.at(-1) ?? 0;
    await waitFor("the latest state is replayed", async () => {
      const [cpu] = (await ask.detail()).latest;
      return Number(cpu?.data["usage"]) >= newest;
    });
    assert.equal((await ask.detail()).status, "online", "it was heard of a moment ago");
    const stored = new Set(await ask.usage());
    assert.deepEqual(acknowledged.filter((one) => !stored.has(one)), []);
    assert.ok(acknowledged.length >= 120);
    await server.close();
  }));
