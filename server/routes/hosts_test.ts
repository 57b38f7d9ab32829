import assert from "node:assert/strict";
import { hostListSchema } from "../../protocol/api.ts";
import { type TestServer, withServer } from "../../tests/support/running_server.ts";

async function hostIds({ url, admin }: TestServer): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/hosts`, { headers: admin });
  return hostListSchema.parse(await answer.json()).hosts.map((host) => host.agent_id);
}

async function statusOf(request: Promise<Response>): Promise<number> {
  const response = await request;
  await response.body?.cancel();
  return response.status;
}

const metrics = (server: TestServer, hostname: string, headers: HeadersInit) =>
  fetch(`${server.url}/api/v1/metrics?hostname=${hostname}`, {
    method: "POST",
    headers,
    body: JSON.stringify([{
      type: "cpu",
      timestamp: new Date().toISOString(),
      hostname,
      data: { usage: 5 },
    }]),
  });

Deno.test("a removed host leaves the lists, its key stops working, and its name is free again", async () => {
  await withServer(async (server) => {
    const old = await server.register("web-01");
    const again = await server.register("web-01");
    assert.equal(await statusOf(metrics(server, "web-01", old.headers)), 202);
    const trigger = () =>
      fetch(`${server.url}/admin/trigger_disk?hostname=web-01&path=/`, {
        method: "POST",
        headers: server.admin,
      });
    const ambiguous = await trigger();
    assert.equal(ambiguous.status, 409);
    assert.match(await ambiguous.text(), new RegExp(`${old.id}|${again.id}`));

    const remove = (id: string, headers: HeadersInit) =>
      statusOf(fetch(`${server.url}/api/v1/hosts/${id}`, { method: "DELETE", headers }));
    assert.equal(await remove(old.id, old.headers), 401, "an agent may not");
    assert.equal(await remove(old.id, server.admin), 204);
    assert.equal(await remove(old.id, server.admin), 404);
    assert.deepEqual(await hostIds(server), [again.id]);
    assert.equal(await statusOf(metrics(server, "web-01", old.headers)), 401);
    assert.equal(await statusOf(metrics(server, "web-01", again.headers)), 202);
    assert.equal(await statusOf(trigger()), 202);
  });
});

Deno.test("browsers are told of a removed host", async () => {
  await withServer(async (server) => {
    const { id } = await server.register("web-01");
    const stop = new AbortController();
    const feed = await fetch(`${server.url}/api/v1/live`, { headers: server.admin, signal: stop.signal });
    assert.ok(feed.body);
    const reader = feed.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const readUntil = async (part: string) => {
      while (!text.includes(part)) text += (await reader.read()).value ?? assert.fail("the feed ended");
    };
    await readUntil("event: snapshot");
    await statusOf(fetch(`${server.url}/api/v1/hosts/${id}`, { method: "DELETE", headers: server.admin }));
    await readUntil(`event: removed`);
    await readUntil(id);
    await reader.cancel();
  });
});
