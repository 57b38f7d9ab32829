import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../lib/clock.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fakeDefinition, fakeHost } from "../../tests/support/fake_collector.ts";
import { withDirectory } from "../../tests/cli/run.ts";
import { examineCollector, examineDataDirectory, examineServer } from "./doctor.ts";

Deno.test("examineDataDirectory takes a private directory and one that is not there yet", () =>
  withDirectory(async (directory) => {
    await Deno.chmod(directory, 0o700);
    assert.equal((await examineDataDirectory(directory)).status, "ok");
    assert.deepEqual([...Deno.readDirSync(directory)], [], "leaves nothing behind");
    assert.match((await examineDataDirectory(join(directory, "later"))).detail, /the agent makes it/);
  }));

Deno.test("examineDataDirectory says what to do about a file, and about a directory open to others", () =>
  withDirectory(async (directory) => {
    const file = join(directory, "file");
    await Deno.writeTextFile(file, "");
    const found = await examineDataDirectory(file);
    assert.deepEqual([found.status, /is no directory/.test(found.detail)], ["attention", true]);
    await Deno.chmod(directory, 0o755);
    const open = await examineDataDirectory(directory);
    assert.deepEqual([open.status, open.detail.includes(`chmod 700 ${directory}`)], ["attention", true]);
  }));

const here = "1 Jan 2026 00:00:10 GMT";
const servers: readonly [string, number, string | undefined, readonly [string, string, RegExp][]][] = [
  ["a server whose clock agrees", 200, here, [["server", "ok", /http/], ["clock", "ok", /agrees/]]],
  ["a server that is ahead", 200, "1 Jan 2026 00:01:10 GMT", [
    ["server", "ok", /http/],
    ["clock", "attention", /^1m 0s behind the server's.*NTP/],
  ]],
  ["a server that is behind", 200, "1 Jan 2025 23:00:10 GMT", [
    ["server", "ok", /http/],
    ["clock", "attention", /ahead of the server's/],
  ]],
  ["something that is no server", 404, here, [["server", "attention", /answered 404/]]],
];
for (const [what, status, date, findings] of servers) {
  Deno.test(`examineServer judges ${what}`, async () => {
    const headers = date === undefined ? {} : { date: new Date(date).toUTCString() };
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response("", { status, headers }),
    );
    const clock = { ...systemClock, now: () => Date.parse(here) + 500 };
    const found = await examineServer(`http://127.0.0.1:${server.addr.port}`, clock);
    assert.deepEqual(found.map(({ subject, status }) => [subject, status]), findings.map(([a, b]) => [a, b]));
    found.forEach(({ detail }, index) => assert.match(detail, findings[index]?.[2] ?? /^$/));
    await server.shutdown();
  });
}

Deno.test("examineServer says so when nothing listens, and nothing when no server is configured", async () => {
  const [unreachable] = await examineServer("http://127.0.0.1:1", systemClock);
  assert.equal(unreachable?.status, "attention");
  assert.match(unreachable?.detail ?? "", /Cannot reach http:\/\/127\.0\.0\.1:1 .*firewall/);
  assert.equal((await examineServer(undefined, systemClock))[0]?.status, "off");
});

Deno.test("examineCollector tells available, denied, unsupported and failed apart, each in words", async () => {
  const host = fakeHost(fakeClock());
  const cases = [
    [fakeDefinition("works", () => []), "available", "works"],
    [
      fakeDefinition("may not", () => [], {
        detect: () => ({ status: "denied", reason: "grant CAP_SYS_RAWIO" }),
      }),
      "denied",
      "grant CAP_SYS_RAWIO",
    ],
    [
      fakeDefinition("lacks", () => [], { detect: () => ({ status: "unsupported", reason: "no battery" }) }),
      "unsupported",
      "no battery",
    ],
    [
      fakeDefinition("breaks", () => {
        throw new Error("Cannot read /proc/stat");
      }),
      "failed",
      "Cannot read /proc/stat",
    ],
  ] as const;
  for (const [definition, status, detail] of cases) {
    assert.deepEqual(await examineCollector(definition, host), { subject: definition.name, status, detail });
  }
});
