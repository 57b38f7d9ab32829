import assert from "node:assert/strict";
import { identityFile } from "./identity.ts";

const server = "https://spectra.example.org";
const identity = { agentId: "a1", agentKey: "secret-key" };

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("identityFile gives back what was saved, in a file that only its owner can read", async () => {
  await withFolder(async (folder) => {
    const file = identityFile(folder, server);
    assert.equal(await file.load(), undefined);
    await file.save(identity);
    assert.deepEqual(await file.load(), identity);
    if (Deno.build.os === "windows") return;
    assert.equal(((await Deno.stat(file.path)).mode ?? 0) & 0o777, 0o600);
  });
});

Deno.test("identityFile gives no key to another server", async () => {
  await withFolder(async (folder) => {
    await identityFile(folder, server).save(identity);
    assert.equal(await identityFile(folder, "https://other.example.org").load(), undefined);
  });
});

Deno.test("identityFile keeps the identity of each server when another one is added", async () => {
  await withFolder(async (folder) => {
    const other = { agentId: "a2", agentKey: "other-key" };
    await identityFile(folder, server).save({ agentId: "a0", agentKey: "old-key" });
    await identityFile(folder, "https://other.example.org").save(other);
    await identityFile(folder, server).save(identity);
    assert.deepEqual(await identityFile(folder, server).load(), identity);
    assert.deepEqual(await identityFile(folder, "https://other.example.org").load(), other);
  });
});

Deno.test("identityFile reads a file of the first form, which held one identity, and keeps it", async () => {
  await withFolder(async (folder) => {
    const first = { agent_id: "a1", agent_key: "secret-key", server: "http://127.0.0.1:8080" };
    await Deno.writeTextFile(`${folder}/identity.json`, JSON.stringify(first));
    assert.deepEqual(await identityFile(folder, "http://127.0.0.1:8080").load(), identity);
    assert.equal(await identityFile(folder, server).load(), undefined);
    await identityFile(folder, server).save({ agentId: "a2", agentKey: "other-key" });
    assert.deepEqual(await identityFile(folder, "http://127.0.0.1:8080").load(), identity);
  });
});

Deno.test("identityFile takes the identity of the first form for a named server, whatever its URL was", async () => {
  await withFolder(async (folder) => {
    const first = { agent_id: "a1", agent_key: "secret-key", server: "http://127.0.0.1:8080" };
    await Deno.writeTextFile(`${folder}/identity.json`, JSON.stringify(first));
    assert.deepEqual(await identityFile(folder, "local").load(), identity);
    await identityFile(folder, "local").save({ agentId: "a2", agentKey: "other-key" });
    assert.deepEqual(await identityFile(folder, "local").load(), { agentId: "a2", agentKey: "other-key" });
  });
});

Deno.test("identityFile says what to do, without the key, when the file is damaged", async () => {
  for (
    const contents of [
      "",
      '{"agent_key": "secret-key"',
      '{"agent_key": "secret-key"}',
      "[]",
      "null",
      '{"identities": [{}]}',
    ]
  ) {
    await withFolder(async (folder) => {
      const file = identityFile(folder, server);
      await Deno.writeTextFile(file.path, contents);
      await assert.rejects(file.load(), (error: Error) => {
        assert.match(error.message, /identity\.json is damaged: remove it/);
        assert.doesNotMatch(Deno.inspect(error), /secret-key/);
        return true;
      });
    });
  }
});
