import assert from "node:assert/strict";
import { controlStore } from "../tests/support/control_store.ts";
import { fakeClock } from "../tests/support/fake_clock.ts";
import { agentLimits, createAgentDirectory } from "./agent_directory.ts";
import type { AgentRegistry } from "./agents.ts";

async function withDirectory(
  test: (agents: AgentRegistry, reopen: () => Promise<AgentRegistry>) => Promise<void>,
): Promise<void> {
  const store = await controlStore();
  const clock = fakeClock();
  try {
    const open = () => createAgentDirectory({ clock, store });
    await test(await open(), open);
  } finally {
    await store.close();
  }
}

Deno.test("register() gives each agent an identity and a key that finds it, also after a restart", () =>
  withDirectory(async (agents, reopen) => {
    const labels = JSON.parse('{"rack":"7","__proto__":"x"}');
    const one = await agents.register({ hostname: "web-01", machine_id: "m", cpu_cores: 8, labels });
    const other = await agents.register({ hostname: "web-01", machine_id: "m" });
    assert.ok(one && other);
    assert.notEqual(one.agent.id, other.agent.id, "the same machine is not the same agent without its key");
    const again = await reopen();
    assert.equal(again.byKey(one.key)?.id, one.agent.id);
    assert.equal(again.byKey(other.key)?.id, other.agent.id);
    assert.equal(again.byKey("x"), undefined);
    assert.equal(again.byId(one.agent.id)?.info.cpu_cores, 8);
    assert.equal(again.byId(one.agent.id)?.info.labels?.["rack"], "7");
    assert.equal(again.byHostname("web-01").length, 2);
  }));

Deno.test("update() moves an agent to its new hostname", () =>
  withDirectory(async (agents, reopen) => {
    const registered = await agents.register({ hostname: "old" });
    assert.ok(registered);
    await agents.update(registered.agent, { hostname: "new", kernel: "7.0" });
    for (const directory of [agents, await reopen()]) {
      assert.deepEqual(directory.byHostname("old"), []);
      assert.equal(directory.byHostname("new")[0]?.info.kernel, "7.0");
    }
  }));

Deno.test("anonymous() makes one agent per hostname, and none for the name of a registered one", () =>
  withDirectory(async (agents) => {
    const [one, same] = await Promise.all([agents.anonymous("v1-host"), agents.anonymous("v1-host")]);
    assert.equal(one, same);
    await agents.register({ hostname: "web-01" });
    assert.equal(await agents.anonymous("web-01"), "taken");
    await agents.register({ hostname: "v1-host" });
    assert.equal(await agents.anonymous("v1-host"), "taken");
    assert.deepEqual(agents.byHostname("v1-host").map(({ anonymous }) => anonymous), [false]);
  }));

Deno.test("anonymous() has a bound", () =>
  withDirectory(async (agents) => {
    for (let index = 0; index < agentLimits.anonymous; index++) await agents.anonymous(`host-${index}`);
    assert.equal(await agents.anonymous("one-more"), "full");
    assert.ok(typeof await agents.anonymous("host-7") === "object", "those that are known are served on");
  }));

Deno.test("saveLastSeen() writes down when agents were heard of", () =>
  withDirectory(async (agents, reopen) => {
    const registered = await agents.register({ hostname: "web-01" });
    assert.ok(registered);
    agents.touch(registered.agent);
    await agents.saveLastSeen();
    assert.equal((await reopen()).byId(registered.agent.id)?.lastSeenMs, registered.agent.lastSeenMs);
  }));

Deno.test("register() leaves no agent behind that could not be stored", async () => {
  const store = await controlStore();
  const agents = await createAgentDirectory({ clock: fakeClock(), store });
  store.before = () => {
    throw new Error("no room");
  };
  await assert.rejects(agents.register({ hostname: "web-01" }));
  assert.deepEqual(agents.byHostname("web-01"), []);
  await store.close();
});
