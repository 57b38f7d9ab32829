/**
 * The main job from end to end: a server and an agent as programs of their own, on loopback, in an empty folder. Once from
 * source, once with the executables (component "compiled").
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { hostDetailSchema, hostListSchema, seriesAnswerSchema } from "../../protocol/api.ts";
import { commandRecordSchema, commandSchemas } from "../../protocol/command.ts";
import { componentTest } from "../support/component.ts";
import {
  compiledPrograms,
  freePort,
  fromSource,
  type Programs,
  type Running,
  start,
  waitUntilReady,
} from "../support/spectra.ts";
import { waitFor } from "../support/wait.ts";

const linux = Deno.build.os === "linux";
const graceful = Deno.build.os === "windows" ? "SIGKILL" : "SIGTERM";

async function inEmptyFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "spectra-e2e-" });
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An admin's `curl`. */
function admin(url: string, token: string) {
  return async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.equal(response.status, 200, `${method} ${path}: ${text}`);
    return JSON.parse(text);
  };
}

async function assertSecret(path: string): Promise<string> {
  const { mode } = await Deno.stat(path);
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600, path);
  return (await Deno.readTextFile(path)).trim();
}

async function mainJob(programs: Programs, folder: string): Promise<void> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const data = join(folder, "server");
  const serve = () =>
    start(programs.spectra, ["server", "--listen", `127.0.0.1:${port}`, "--data", data], folder);

  let server = serve();
  let agent: Running | undefined;
  try {
    await waitUntilReady(url, server);
    const ask = admin(url, await assertSecret(join(data, "admin-token")));
    const enrollmentToken = join(data, "enrollment-token");
    await assertSecret(enrollmentToken);
    agent = start(programs.agent, [
      "agent",
      ...["--server", url, "--data", join(folder, "agent")],
      ...["--hostname", "web-01", "--token-file", enrollmentToken],
    ], folder);

    const host = await waitFor("the host is live", async () => {
      const { hosts } = hostListSchema.parse(await ask("GET", "/api/v1/hosts"));
      return hosts.find(({ status, figures }) =>
        status === "online" && (!linux || figures.cpu_percent !== undefined)
      );
    }, 30_000);
    assert.equal(host.hostname, "web-01");
    const detail = async () => hostDetailSchema.parse(await ask("GET", `/api/v1/hosts/${host.agent_id}`));
    if (linux) {
      for (const type of ["cpu", "memory", "disk_list", "disk_io_list", "network_list", "system", "tcp"]) {
        await waitFor(
          `${type} arrived`,
          async () => (await detail()).latest.some((latest) => latest.type === type),
          90_000,
        );
      }
    }

    const mounts = commandRecordSchema.parse(
      await ask("POST", "/api/v1/commands?wait=30", { hostname: "web-01", type: "LIST_MOUNTS", args: {} }),
    );
    if (linux) {
      assert.equal(mounts.status, "done", mounts.error);
      assert.ok(
        commandSchemas.LIST_MOUNTS.result.parse(mounts.result).some(({ mountpoint }) => mountpoint === "/"),
      );
    }
    const connect = commandRecordSchema.parse(
      await ask(
        "POST",
        `/admin/trigger_network?hostname=web-01&action=connect&target=127.0.0.1:${port}&count=2&wait=30`,
      ),
    );
    assert.equal(connect.status, "done", connect.error);
    const probes = commandSchemas.NETWORK_DIAG.result.parse(connect.result).ping_results ?? [];
    assert.deepEqual(probes.map(({ seq, success }) => [seq, success]), [[1, true], [2, true]]);

    if (linux) {
      const points = async () => {
        const path = `/api/v1/hosts/${host.agent_id}/series?names=cpu.usage&from=-1h`;
        const { series } = seriesAnswerSchema.parse(await ask("GET", path));
        return series[0]?.times ?? [];
      };
      const before = await waitFor("three points of history", async () => {
        const times = await points();
        return times.length >= 3 && times;
      }, 60_000);
      await server.stop("SIGKILL");
      server = serve();
      await waitUntilReady(url, server);
      const after = await waitFor("history is back", async () => {
        const times = await points();
        return before.every((time) => times.includes(time)) && times;
      });
      await waitFor("history goes on", async () => (await points()).length > after.length, 60_000);
      assert.equal((await detail()).agent_id, host.agent_id);
    }
  } catch (error) {
    throw new Error(`server printed:\n${server.stderr()}\nagent printed:\n${agent?.stderr() ?? ""}`, {
      cause: error,
    });
  } finally {
    const agentCode = await agent?.stop(graceful);
    const serverCode = await server.stop(graceful);
    if (graceful === "SIGTERM") {
      assert.deepEqual([agentCode, serverCode], [0, 0], `${agent?.stderr()}\n${server.stderr()}`);
    }
  }
}

async function upTwice(programs: Programs, folder: string): Promise<void> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const seen: string[] = [];
  for (const turn of ["first", "second"]) {
    const up = start(programs.spectra, ["up", "--listen", `127.0.0.1:${port}`, "--data", "state"], folder);
    try {
      await waitUntilReady(url, up);
      const code = await waitFor(
        "the sign-in URL is printed",
        () => /#code=([A-Za-z0-9_-]+)/.exec(up.stdout())?.[1],
      );
      assert.ok(up.stdout().includes(join(folder, "state")), `names the data directory:\n${up.stdout()}`);
      const signIn = () =>
        fetch(`${url}/api/v1/session`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ code }),
        });
      const signedIn = await signIn();
      assert.equal(signedIn.status, 204, await signedIn.text());
      const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const again = await signIn();
      assert.equal(again.status, 401, `a code works once: ${await again.text()}`);

      const list = async () =>
        hostListSchema.parse(await (await fetch(`${url}/api/v1/hosts`, { headers: { cookie } })).json())
          .hosts;
      const host = await waitFor(`this host is live at the ${turn} start`, async () => {
        return (await list()).find(({ status }) => status === "online");
      }, 30_000);
      seen.push(host.agent_id);
      const page = await fetch(url);
      assert.match(await page.text(), /<!doctype html>/i);
      await assertSecret(join(folder, "state", "admin-token"));
      await assertSecret(join(folder, "state", "enrollment-token"));
    } finally {
      const code = await up.stop(Deno.build.os === "windows" ? "SIGKILL" : "SIGINT");
      if (Deno.build.os !== "windows") assert.equal(code, 0, up.stderr());
    }
  }
  assert.equal(seen[0], seen[1], "the second start continues with the first one's data");
}

const compiled = compiledPrograms();

Deno.test("from source: an agent reports, is diagnosed, and its history survives kill -9 of the server", () =>
  inEmptyFolder((folder) => mainJob(fromSource, folder)));

Deno.test("from source: `spectra up` shows this machine, and a second start continues", () =>
  inEmptyFolder((folder) => upTwice(fromSource, folder)));

componentTest(
  "compiled",
  compiled?.spectra[0],
  "compiled: an agent reports, is diagnosed, and its history survives kill -9 of the server",
  () => inEmptyFolder((folder) => mainJob(compiled ?? fromSource, folder)),
);

componentTest(
  "compiled",
  compiled?.spectra[0],
  "compiled: `spectra up` in an empty folder shows this machine, and a second start continues",
  () => inEmptyFolder((folder) => upTwice(compiled ?? fromSource, folder)),
);
