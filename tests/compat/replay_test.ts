/**
 * Every wire that was ever released stays readable: what each version's agents sent is recorded in `tests/compat/<version>/`
 * and replayed here against a real server.
 *
 * - `register.json`: body of register; `batch.json`: array of envelopes; `results.json`: commands and what it answered.
 * - A version whose name starts with `v1` is anonymous: it has no key, and reads commands' base64 `payload`.
 */
import assert from "node:assert/strict";
import { hostDetailSchema, hostListSchema, seriesAnswerSchema } from "../../protocol/api.ts";
import { commandRecordSchema, commandSchema } from "../../protocol/command.ts";
import { acceptedSchema } from "../../protocol/batch.ts";
import { registeredSchema } from "../../protocol/host_info.ts";
import { samplesOf } from "../../protocol/series.ts";
import { isMetricType } from "../../protocol/metrics/mod.ts";
import { startServer } from "../../server/start.ts";
import { gzip } from "../../transport/codec.ts";
import { waitFor } from "../support/wait.ts";

interface RecordedEnvelope {
  type: string;
  timestamp: string;
  hostname: string;
  data: Record<string, unknown>;
}

interface RecordedResult {
  type: string;
  args: Record<string, unknown>;
  payload: unknown;
}

const versions = [...Deno.readDirSync(new URL(".", import.meta.url))]
  .filter((entry) => entry.isDirectory)
  .map((entry) => entry.name)
  .sort();

async function recorded<T>(version: string, name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(`./${version}/${name}`, import.meta.url)));
}

for (const version of versions) {
  Deno.test(`compat: what ${version} agents sent is stored, shown and answered`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "spectra-compat-" });
    const server = await startServer({
      listen: { hostname: "127.0.0.1", port: 0 },
      dataDirectory: folder,
      tokenDirectory: folder,
      allowAnonymousAgents: version.startsWith("v1"),
    });
    try {
      await replay(version, server.url, folder);
    } finally {
      await server.close();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function replay(version: string, url: string, folder: string): Promise<void> {
  const anonymous = version.startsWith("v1");
  const register = await recorded<Record<string, unknown>>(version, "register.json");
  const batch = await recorded<RecordedEnvelope[]>(version, "batch.json");
  const results = await recorded<RecordedResult[]>(version, "results.json");
  const hostname = String(register["hostname"]);
  const query = `?hostname=${encodeURIComponent(hostname)}`;
  const adminToken = (await Deno.readTextFile(`${folder}/admin-token`)).trim();
  const admin = { authorization: `Bearer ${adminToken}`, accept: "application/json" };
  const agent: Record<string, string> = {};

  if (!anonymous) {
    register["enrollment_token"] = (await Deno.readTextFile(`${folder}/enrollment-token`)).trim();
  }
  const registered = await fetch(`${url}/api/v1/agent/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(register),
  });
  assert.equal(registered.status, 200);
  const answer = await registered.json();
  if (!anonymous) agent["authorization"] = `Bearer ${registeredSchema.parse(answer).agent_key}`;

  // Released agents' timestamps lie in the past; history is asked for around now.
  const now = Date.now();
  const envelopes = batch.map((envelope, index) => ({
    ...envelope,
    timestamp: new Date(now - (batch.length - index)).toISOString(),
  }));
  const sent = await fetch(`${url}/api/v1/metrics${query}`, {
    method: "POST",
    headers: { ...agent, "content-type": "application/json", "content-encoding": "gzip" },
    body: await gzip(new TextEncoder().encode(JSON.stringify(envelopes))),
  });
  assert.equal(sent.status, 202);
  assert.deepEqual(acceptedSchema.parse(await sent.json()), {
    accepted: batch.length,
    duplicate: false,
    rejected: [],
  });

  const original = await fetch(`${url}/api/v1/metrics${query}`, {
    method: "POST",
    headers: { ...agent, "content-type": "application/json" },
    body: JSON.stringify(batch),
  });
  const verdict = acceptedSchema.parse(await original.json());
  assert.deepEqual(verdict.rejected, [], "the recorded bytes themselves are taken too");

  const hosts =
    hostListSchema.parse(await (await fetch(`${url}/api/v1/hosts`, { headers: admin })).json()).hosts;
  const host = hosts.find((candidate) => candidate.hostname === hostname);
  assert.ok(host, "the host is listed");
  const detail = hostDetailSchema.parse(
    await (await fetch(`${url}/api/v1/hosts/${host.agent_id}`, { headers: admin })).json(),
  );
  for (const envelope of envelopes) {
    assert.ok(
      detail.latest.some(({ type, data }) => type === envelope.type && contains(data, envelope.data)),
      `latest ${envelope.type} is shown: ${JSON.stringify(envelope.data)}`,
    );
  }
  for (const { type, data } of envelopes) {
    if (!isMetricType(type)) throw new Error(`recorded type ${type} is unknown`);
    for (const { name, labels, value } of samplesOf(type, data)) {
      const path = `/api/v1/hosts/${host.agent_id}/series?names=${name}&from=-5m&raw=true`;
      const { series } = seriesAnswerSchema.parse(await (await fetch(url + path, { headers: admin })).json());
      const found = series.find((candidate) => contains(candidate.labels, labels));
      assert.ok(
        found?.values.includes(value),
        `${name} ${JSON.stringify(labels)} = ${value} is in the history`,
      );
    }
  }

  for (const { type, args, payload } of results) {
    const asked = fetch(`${url}/api/v1/commands?wait=20&queue=true`, {
      method: "POST",
      headers: { ...admin, "content-type": "application/json" },
      body: JSON.stringify({ hostname, type, args }),
    });
    const command = commandSchema.parse(
      await waitFor(`${type} reaches the agent`, async () => {
        const polled = await fetch(`${url}/api/v1/agent/command${query}&wait=5`, { headers: agent });
        if (polled.status === 200) return await polled.json();
        await polled.body?.cancel();
        assert.equal(polled.status, 204);
        return undefined;
      }),
    );
    assert.equal(command.type, type);
    const decoded = new TextDecoder().decode(
      Uint8Array.from(atob(command.payload ?? ""), (char) => char.charCodeAt(0)),
    );
    assert.deepEqual(JSON.parse(decoded), command.args, "payload is the base64 of args");
    const finished = await fetch(`${url}/api/v1/agent/command_result${query}`, {
      method: "POST",
      headers: { ...agent, "content-type": "application/json" },
      body: JSON.stringify({ id: command.id, type, payload }),
    });
    assert.equal(finished.status, 200, await finished.text());
    const record = commandRecordSchema.parse(await (await asked).json());
    assert.equal(record.status, "done", record.error);
    assert.ok(payload === null || contains(record.result, payload), JSON.stringify(record.result));
  }
}

/** True when `value` has everything that `part` has. */
function contains(value: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return Object.is(value, part);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(part).every(([key, inner]) => contains(Reflect.get(value, key), inner));
}
