import assert from "node:assert/strict";
import { hostListSchema } from "../../protocol/api.ts";
import { registeredSchema } from "../../protocol/host_info.ts";
import { type TestServer, withServer } from "../../tests/support/running_server.ts";

async function register(server: TestServer, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/v1/agents/register`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

const enrollmentToken = async (server: TestServer) =>
  (await Deno.readTextFile(server.enrollmentTokenPath)).trim();

async function hosts(server: TestServer) {
  const response = await fetch(`${server.url}/api/v1/hosts`, { headers: server.admin });
  return hostListSchema.parse(await response.json()).hosts;
}

Deno.test("register answers a key once, and the same identity to who has it", () =>
  withServer(async (server) => {
    const token = await enrollmentToken(server);
    const first = await register(server, { hostname: "web-01", machine_id: "m", enrollment_token: token });
    const { agent_id: id, agent_key: key } = registeredSchema.parse(first.answer);
    assert.ok(key);
    assert.equal(first.answer.config.limits.envelopes, 10_000);
    const headers = { authorization: `Bearer ${key}` };
    const again = await register(server, { hostname: "web-1", agent_id: id, kernel: "7.0" }, headers);
    assert.equal(again.status, 200);
    assert.deepEqual([again.answer.agent_id, again.answer.agent_key], [id, undefined]);
    const [host, ...others] = await hosts(server);
    assert.deepEqual(others, []);
    assert.equal(host?.status, "waiting");
    assert.deepEqual([host?.hostname, host?.info.kernel], ["web-1", "7.0"]);
    assert.equal(JSON.stringify(host).includes(token), false);
  }));

Deno.test("register lets nobody take over an agent with the enrolment token alone", () =>
  withServer(async (server) => {
    const token = await enrollmentToken(server);
    const victim = await register(server, { hostname: "web-01", machine_id: "m", enrollment_token: token });
    const { agent_id: id } = registeredSchema.parse(victim.answer);
    const thief = await register(server, {
      hostname: "web-01",
      machine_id: "m",
      agent_id: id,
      enrollment_token: token,
    });
    assert.notEqual(registeredSchema.parse(thief.answer).agent_id, id);
    const other = await server.register("web-02");
    assert.equal((await register(server, { hostname: "web-02", agent_id: id }, other.headers)).status, 403);
  }));

Deno.test("register refuses wrong credentials and wrong bodies", () =>
  withServer(async (server) => {
    const token = await enrollmentToken(server);
    const admin = server.admin.authorization.slice("Bearer ".length);
    const wrong = [
      [401, { hostname: "web-01" }],
      [401, { hostname: "web-01", enrollment_token: "guess" }],
      [401, { hostname: "web-01", enrollment_token: admin }], // the admin token never enrols
      [422, { enrollment_token: token }],
      [422, { hostname: "", enrollment_token: token }],
      [422, { hostname: "a\u0000b", enrollment_token: token }],
      [422, { hostname: "evil\u202egnp.exe", enrollment_token: token }],
      [422, { hostname: "h".repeat(256), enrollment_token: token }],
      [422, { hostname: "web-01", cpu_cores: "8", enrollment_token: token }],
      [422, []],
      [413, { hostname: "h".repeat(3_000_000), enrollment_token: token }],
      [400, "{"],
    ] as const;
    for (const [status, body] of wrong) {
      const { status: answered, answer } = await register(server, body);
      assert.equal(answered, status, JSON.stringify(body).slice(0, 100));
      assert.equal(answer.status, status);
      assert.equal(answer.detail.includes(token), false);
    }
    const unknownKey = await register(server, { hostname: "web-01" }, { authorization: "Bearer unknown" });
    assert.equal(unknownKey.status, 401);
    assert.deepEqual(await hosts(server), []);
  }));

Deno.test("register makes an anonymous agent where those are allowed, but not under a registered name", () =>
  withServer(async (server) => {
    await server.register("web-01");
    assert.equal((await register(server, { hostname: "web-01" })).status, 403);
    const v1 = await register(server, { hostname: "v1-host", os: "linux" });
    assert.equal(v1.status, 200);
    assert.equal(v1.answer.agent_key, undefined);
    assert.equal((await register(server, { hostname: "v1-host", os: "linux", kernel: "6" })).status, 200);
    assert.equal((await register(server, { hostname: "x", enrollment_token: "guess" })).status, 401);
    const found = (await hosts(server)).map((
      { hostname, anonymous, info },
    ) => [hostname, anonymous, info.kernel]);
    assert.deepEqual(found, [["v1-host", true, "6"], ["web-01", false, undefined]]);
  }, { allowAnonymousAgents: true }));
