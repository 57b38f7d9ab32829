import assert from "node:assert/strict";
import * as z from "zod/mini";
import { systemClock } from "../../lib/clock.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { custom } from "../../protocol/metrics/custom.ts";
import { samplesOf } from "../../protocol/series.ts";
import { findExecutable } from "../../tests/support/component.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import { customCollector } from "./collect.ts";
import { customDefinition } from "./mod.ts";
import { customSettings } from "./settings.ts";

const measurement = z.tuple([z.object({ type: z.literal("custom"), data: custom })]);

async function collectWith(settings: unknown, host: Host) {
  const collector = customCollector(host, z.parse(customSettings, settings));
  return z.parse(measurement, await collector.collect())[0].data;
}

const realTime: Host = { ...fixtureHost("firecracker_vm"), clock: systemClock };

Deno.test("custom says that nothing is configured, and is available when something is", () => {
  const availability = customDefinition.detect(realTime);
  assert.equal(availability.status, "unsupported");
  assert.match(
    availability.status === "unsupported" ? availability.reason : "",
    /no own metrics are configured/,
  );
  assert.equal(
    customDefinition.detect(realTime, { textfile_directory: "/var/lib/metrics" }).status,
    "available",
  );
});

Deno.test("custom reads text files, each by itself, and forgets those that are gone", async () => {
  using temporary = temporaryHost({
    "root/metrics/backup.prom":
      '# TYPE backup_runs counter\nbackup_runs 4\nbackup_age_seconds{job="db"} 60\n',
    "root/metrics/broken.prom": "oops\nfine 1\n",
    "root/metrics/other.txt": "ignored 1\n",
    "root/metrics/.hidden.prom": "ignored 1\n",
    "root/metrics/folder.prom/x": "",
  }, systemClock);
  const settings = z.parse(customSettings, { textfile_directory: "/metrics" });
  const collector = customCollector(temporary.host, settings);
  const read = async () => z.parse(measurement, await collector.collect())[0].data;
  const data = await read();
  assert.deepEqual(data, {
    samples: [
      { name: "backup_runs", labels: "", source: "textfile:backup.prom", counter: 4 },
      { name: "backup_age_seconds", labels: 'job="db"', source: "textfile:backup.prom", gauge: 60 },
      { name: "fine", labels: "", source: "textfile:broken.prom", gauge: 1 },
    ],
    dropped: 1,
    failed_sources: 1,
    problems: ["textfile:broken.prom: line 1 is malformed", "textfile:folder.prom: it is not a regular file"],
  });
  assert.deepEqual(samplesOf("custom", data).slice(2, 4), [
    {
      name: "custom.counter",
      labels: { name: "backup_runs", source: "textfile:backup.prom", labels: "" },
      value: 4,
    },
    {
      name: "custom.gauge",
      labels: { name: "backup_age_seconds", source: "textfile:backup.prom", labels: 'job="db"' },
      value: 60,
    },
  ]);
  temporary.remove("root/metrics/backup.prom");
  assert.deepEqual((await read()).samples.map(({ name }) => name), ["fine"]);
  temporary.remove("root/metrics");
  const gone = await read();
  assert.deepEqual([gone.samples, gone.failed_sources], [[], 1]);
  assert.match(gone.problems?.[0] ?? "", /Cannot list .*metrics/);
});

Deno.test("custom scrapes addresses, and says what is wrong with those that fail", async () => {
  const hung = Promise.withResolvers<Response>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    switch (new URL(url).pathname) {
      case "/metrics":
        return new Response("up 1\n");
      case "/moved":
        return Response.redirect("http://127.0.0.1:9/", 302);
      case "/large":
        return new Response("x".repeat(5 * 1024 * 1024));
      case "/hung":
        return hung.promise;
      default:
        return new Response(null, { status: 404 });
    }
  });
  const paths = ["metrics", "moved", "missing", "large", "hung"];
  const { samples, problems, failed_sources } = await collectWith({
    scrape: paths.map((path) => ({
      name: path,
      url: `http://127.0.0.1:${server.addr.port}/${path}`,
      timeout_seconds: path === "hung" ? 0.2 : 10,
    })),
  }, realTime);
  hung.resolve(new Response());
  assert.deepEqual(samples, [{ name: "up", labels: "", source: "scrape:metrics", gauge: 1 }]);
  assert.equal(failed_sources, 4);
  assert.deepEqual(problems?.toSorted(), [
    "scrape:hung: no whole answer within 0.2 s",
    "scrape:large: the answer is larger than 4194304 bytes",
    "scrape:missing: the answer has status 404",
    "scrape:moved: the answer has status 302",
  ]);
});

Deno.test({
  name: "custom runs commands that print JSON or Prometheus text",
  ignore: findExecutable("sh", "echo") === undefined || Deno.build.os === "windows",
  async fn() {
    const { samples, problems } = await collectWith({
      commands: [
        { name: "json", argv: ["echo", ' {"queue": 3}'] },
        { name: "text", argv: ["echo", 'queue{a="$HOME;x"} 4'] },
        { name: "absent", argv: ["no-such-program-anywhere"] },
        { name: "failing", argv: ["sh", "-c", "echo broken >&2; exit 3"] },
        { name: "garbage", argv: ["echo", "[1"] },
        { name: "slow", argv: ["sleep", "60"], timeout_seconds: 0.1 },
      ],
    }, realTime);
    assert.deepEqual(samples.toSorted((a, b) => a.source < b.source ? -1 : 1), [
      { name: "queue", labels: "", source: "command:json", gauge: 3 },
      { name: "queue", labels: 'a="$HOME;x"', source: "command:text", gauge: 4 },
    ]);
    const [absent, failing, garbage, slow] = problems?.toSorted() ?? [];
    assert.equal(absent, "command:absent: there is no program no-such-program-anywhere");
    assert.equal(failing, "command:failing: sh ended with code 3: broken");
    assert.match(garbage ?? "", /^command:garbage: it is not valid JSON/);
    assert.equal(slow, "command:slow: sleep did not end within 100 ms");
  },
});

const refused: readonly [settings: unknown, message: RegExp][] = [
  [{ textfile_directory: "metrics" }, /textfile_directory: must be an absolute path/],
  [{ scrape: [{ name: "a", url: "ftp://localhost/" }] }, /scrape.0.url: must be an http or https address/],
  [{ scrape: [{ name: "a", url: "http://u:p@localhost/" }] }, /without user name and password/],
  [{ scrape: [{ name: "a", url: "http://192.0.2.1/metrics" }] }, /scrape: only addresses of this host/],
  [{ scrape: [{ name: "a b", url: "http://localhost/" }] }, /scrape.0.name: must be 1 to 64 letters/],
  [{ commands: [{ name: "a", argv: [] }] }, /commands.0.argv/],
  [{ commands: [{ name: "a", argv: ["x"], interval_seconds: 5 }] }, /interval_seconds: must be at least 60/],
  [
    { commands: [{ name: "a", argv: ["x"] }, { name: "a", argv: ["y"] }] },
    /commands: each needs a name of its own/,
  ],
  [{ commands: [{ name: "a", argv: ["x"], shell: true }] }, /commands.0: unknown key "shell"/],
];
for (const [settings, message] of refused) {
  Deno.test(`customSettings refuses ${JSON.stringify(settings)}`, () => {
    const parsed = z.safeParse(customSettings, settings);
    assert.ok(parsed.error !== undefined);
    assert.match(firstIssue(parsed.error), message);
  });
}

Deno.test("customSettings allows this host's addresses and hosts that are named", () => {
  const urls = ["http://localhost:1/", "http://127.9.9.9/", "http://[::1]:9/m", "https://router.lan/metrics"];
  const scrape = urls.map((url, index) => ({ name: `n${index}`, url }));
  assert.ok(z.safeParse(customSettings, { scrape, scrape_hosts: ["router.lan"] }).success);
});
