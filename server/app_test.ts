import assert from "node:assert/strict";
import { problemSchema } from "../protocol/problem.ts";
import { type TestServer, withServer } from "../tests/support/running_server.ts";
import { createApp } from "./app.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes/mod.ts";

/** An address of a route's path. */
const addressOf = (route: Route) => route.path.replace(/:\w+/g, "some-id").replace("*", "some-id");

async function assertProblem(response: Response, status: number, detail?: RegExp): Promise<void> {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const problem = problemSchema.parse(await response.json());
  assert.deepEqual([response.status, problem.status], [status, status], problem.detail);
  if (detail !== undefined) assert.match(problem.detail, detail);
}

function assertSecurityHeaders(response: Response): void {
  assert.match(
    response.headers.get("content-security-policy") ?? "",
    /default-src 'none'.*frame-ancestors 'none'/,
  );
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
}

Deno.test("createApp() refuses a route without a policy", () =>
  withServer((server) => {
    const route = { ...routes[0], policy: undefined };
    assert.throws(
      () => createApp(server.services, [JSON.parse(JSON.stringify(route))]),
      /Route POST .* has no policy/,
    );
    return Promise.resolve();
  }));

Deno.test("every route refuses who its policy does not let in", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01");
    const refused: Record<Route["policy"], Record<string, string>[]> = {
      public: [],
      enroll: [],
      agent: [{}, { authorization: "Bearer nobody" }, { authorization: "Basic x" }, server.admin],
      admin: [
        {},
        { authorization: "Bearer nobody" },
        { cookie: `${server.services.sessions.cookieName}=x` },
        agent.headers,
      ],
    };
    for (const route of routes) {
      for (const headers of refused[route.policy]) {
        const url = `${server.url}${addressOf(route)}?hostname=web-01`;
        const response = await fetch(url, { method: route.method, headers });
        assertSecurityHeaders(response);
        assert.equal(response.headers.get("www-authenticate"), "Bearer", `${route.method} ${route.path}`);
        await assertProblem(response, 401);
      }
    }
  }));

Deno.test("an unknown address and a wrong method are answered with problems", () =>
  withServer(async (server) => {
    const nothing = await fetch(`${server.url}/nothing`);
    assertSecurityHeaders(nothing);
    await assertProblem(nothing, 404);
    await assertProblem(await fetch(`${server.url}/%E0%A4%A`), 404);
    const wrong = await fetch(`${server.url}/api/v1/hosts`, { method: "PATCH" });
    assert.equal(wrong.headers.get("allow"), "GET");
    await assertProblem(wrong, 405);
  }));

Deno.test("HEAD is answered at public addresses, and runs no handler at others", () =>
  withServer(async (server) => {
    const agent = await server.register("web-01", ["LIST_MOUNTS"]);
    const head = async (path: string, headers: Record<string, string>) => {
      const response = await fetch(`${server.url}${path}`, { method: "HEAD", headers });
      await response.body?.cancel();
      return [response.status, response.headers.get("allow")];
    };
    const asked = await fetch(`${server.url}/api/v1/commands?queue=true`, {
      method: "POST",
      headers: server.admin,
      body: JSON.stringify({ agent_id: agent.id, type: "LIST_MOUNTS" }),
    });
    const { id } = await asked.json();
    assert.deepEqual(await head("/healthz", {}), [200, null]);
    assert.deepEqual(await head("/api/v1/live", server.admin), [405, "GET"]);
    assert.equal(server.services.live.subscribers, 0);
    assert.deepEqual(await head("/api/v1/agent/command?wait=0", agent.headers), [405, "GET"]);
    assert.equal((await server.services.commands.get(id))?.status, "queued");
    assert.deepEqual(await head("/api/v1/session", {}), [405, "POST, GET, DELETE"]);
  }));

Deno.test("the page answers at its own paths and is not found anew when it has not changed", () =>
  withServer(async (server) => {
    for (const path of ["/", "/hosts/some-id"]) {
      const page = await fetch(`${server.url}${path}`);
      assert.equal(page.status, 200);
      assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
      assert.match(await page.text(), /<!doctype html>/i);
      const again = await fetch(`${server.url}${path}`, {
        headers: { "if-none-match": page.headers.get("etag") ?? "" },
      });
      assert.equal(again.status, 304);
      await again.body?.cancel();
    }
  }));

Deno.test("health and readiness are public, the server's own metrics are not", () =>
  withServer(async (server) => {
    for (const path of ["/healthz", "/readyz"]) {
      assert.equal(await (await fetch(`${server.url}${path}`)).text(), "ok\n");
    }
    const metrics = await fetch(`${server.url}/metrics`, { headers: server.admin });
    assert.equal(metrics.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const text = await metrics.text();
    for (const line of text.trimEnd().split("\n")) {
      assert.match(line, /^(# (HELP|TYPE) .+|[a-z_]+ -?[0-9.e+]+)$/);
    }
    assert.match(text, /^spectra_server_requests_total 2$/m);
  }));

async function openSession(server: TestServer): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/session`, {
    method: "POST",
    body: JSON.stringify({ code: server.loginUrl().split("#code=")[1] }),
  });
  assert.equal(response.status, 204);
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

Deno.test("a session changes something only from this server's own pages", () =>
  withServer(async (server) => {
    const cookie = await openSession(server);
    const ask = (headers: Record<string, string>) =>
      fetch(`${server.url}/api/v1/commands`, { method: "POST", headers: { cookie, ...headers }, body: "{}" });
    for (
      const headers of [
        {},
        { origin: "https://evil.example" },
        { origin: "null" },
        { "sec-fetch-site": "cross-site", origin: server.url },
        { "sec-fetch-site": "same-site" },
      ]
    ) await assertProblem(await ask(headers), 403, /own pages/);
    await assertProblem(await ask({ origin: server.url }), 422);
    await assertProblem(await ask({ "sec-fetch-site": "same-origin" }), 422);
    const read = await fetch(`${server.url}/api/v1/hosts`, { headers: { cookie } });
    assert.equal(read.status, 200);
    await read.body?.cancel();
  }));

Deno.test("the OpenAPI document holds every route, and the schema every envelope type with its measures", () =>
  withServer(async (server) => {
    const document = await (await fetch(`${server.url}/api/openapi.json`)).json();
    for (const route of routes.filter(({ path }) => path.startsWith("/api/"))) {
      const operation = document.paths[route.path.replace(/:(\w+)/g, "{$1}")]?.[route.method.toLowerCase()];
      assert.equal(operation?.summary, route.summary, `${route.method} ${route.path}`);
    }
    const schema = await (await fetch(`${server.url}/api/schema.json`)).json();
    assert.equal(schema.$defs.cpu.properties.usage.measure.unit, "%");
  }));
