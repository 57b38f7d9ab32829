import assert from "node:assert/strict";
import * as z from "zod/mini";
import { logCountsList, logEventList } from "../../protocol/metrics/log.ts";
import { systemClock } from "../../lib/clock.ts";
import { componentTest } from "../../tests/support/component.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { temporaryHost } from "../../tests/support/fixture_host.ts";
import { journalRemote, writeJournal } from "../../tests/support/journal.ts";
import { waitFor } from "../../tests/support/wait.ts";
import type { Collector, Host } from "../collector.ts";
import type { LogEvent } from "./events.ts";
import { linuxLogs } from "./linux.ts";
import { logsSettings } from "./settings.ts";
import type { LogCounts } from "./source.ts";

interface Reading {
  readonly sources: LogCounts[];
  readonly events: LogEvent[];
}

async function read(collector: Collector): Promise<Reading> {
  const reading: Reading = { sources: [], events: [] };
  for (const { type, data } of await collector.collect()) {
    if (type === "log_counts") reading.sources.push(...z.parse(logCountsList, data).sources);
    else if (type === "log_event_list") reading.events.push(...z.parse(logEventList, data).events);
    else assert.fail(`${type} is not the collector's`);
  }
  return reading;
}

const messagesOf = ({ events }: Reading) => events.map(({ message }) => message);

function open(host: Host, settings: unknown): Collector & Disposable {
  const collector = linuxLogs(host, z.parse(logsSettings, settings));
  return { ...collector, [Symbol.dispose]: () => collector.close?.() };
}

function append(host: Host, path: string, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  Deno.writeFileSync(host.fs.root(path), bytes, { append: true });
}

const access = (status: number, path: string) =>
  `192.0.2.1 - - [26/Jan/2026:09:59:58 +0000] "GET ${path} HTTP/1.1" ${status} 1 "-" "-"\n`;

Deno.test("linuxLogs counts by level and status, and sends what is severe enough", async () => {
  using temporary = temporaryHost({ "root/var/log/access.log": access(200, "/old") });
  const { host } = temporary;
  using collector = open(host, { files: [{ path: "/var/log/access.log", parser: "nginx", name: "web" }] });
  await read(collector);
  append(
    host,
    "/var/log/access.log",
    access(200, "/a") + access(404, "/b") + access(503, "/c") + "nonsense\n",
  );
  const reading = await read(collector);
  assert.deepEqual(reading.sources, [{
    source: "web",
    lines: 4,
    unparsed: 1,
    matched: 1,
    suppressed: 0,
    info: 1,
    notice: 1,
    error: 1,
    status_1xx: 0,
    status_2xx: 1,
    status_3xx: 0,
    status_4xx: 1,
    status_5xx: 1,
    lag_bytes: 0,
  }]);
  const [event] = reading.events;
  assert.equal(event?.status, 503);
  assert.equal(event?.timestamp, "2026-01-26T09:59:58.000Z");
});

Deno.test("linuxLogs folds what repeats, and sends no more events than allowed", async () => {
  const clock = fakeClock();
  using temporary = temporaryHost({ "root/var/log/app.log": "" }, clock);
  const { host } = temporary;
  using collector = open(host, {
    files: [{ path: "/var/log/app.log", parser: "json", match: "boom" }],
    events_per_minute: 2,
  });
  await read(collector);
  const lines = ["boom 1", "boom 1", "boom 2", "quiet", "boom 3", "boom 4"].map((msg) =>
    JSON.stringify({ msg })
  );
  append(host, "/var/log/app.log", lines.join("\n") + "\n");
  const first = await read(collector);
  assert.deepEqual(first.events.map(({ message, count }) => [message, count]), [["boom 1", 2], [
    "boom 2",
    1,
  ]]);
  assert.equal(first.sources[0]?.matched, 5);
  assert.equal(first.sources[0]?.suppressed, 2);
  await clock.advance(30_000);
  append(host, "/var/log/app.log", '{"msg":"boom 5"}\n{"msg":"boom 6"}\n');
  assert.deepEqual(messagesOf(await read(collector)), ["boom 5"]);
});

Deno.test("linuxLogs makes hostile lines safe, cuts long ones and says so", async () => {
  using temporary = temporaryHost({ "root/var/log/app.log": "" });
  const { host } = temporary;
  using collector = open(host, { files: [{ path: "/var/log/app.log", match: "." }] });
  await read(collector);
  append(host, "/var/log/app.log", "\x1b[31mred\x1b[0m \0 nul\r\n");
  append(host, "/var/log/app.log", Uint8Array.of(0xff, 0xfe, 0x41, 0x0a));
  append(host, "/var/log/app.log", "x".repeat(1024 * 1024) + "\n\n" + "y".repeat(70_000) + "\nafter\n");
  const { events, sources } = await read(collector);
  assert.deepEqual(events.map(({ message }) => [message.slice(0, 20), message.length, message.at(-1)]), [
    ["\\x1b[31mred\\x1b[0m \\", 27, "l"],
    ["\ufffd\ufffdA", 3, "A"],
    ["x".repeat(20), 4096, "…"],
    ["y".repeat(20), 4096, "…"],
    ["after", 5, "r"],
  ]);
  assert.equal(sources[0]?.lines, 5);
});

Deno.test("linuxLogs goes on after a restart where what it handed over ended", async () => {
  using temporary = temporaryHost({ "root/var/log/app.log": "", "state/keep": "" });
  const host = { ...temporary.host, stateDirectory: temporary.host.fs.root("/../state") };
  const settings = { files: [{ path: "/var/log/*.log", match: "." }] };
  {
    using collector = open(host, settings);
    await read(collector);
    append(host, "/var/log/app.log", "one\ntwo");
    assert.deepEqual(messagesOf(await read(collector)), ["one"]);
  }
  Deno.renameSync(host.fs.root("/var/log/app.log"), host.fs.root("/var/log/app.log.1"));
  append(host, "/var/log/app.log.1", " is whole now\n");
  append(host, "/var/log/app.log", "three\n");
  append(host, "/var/log/new.log", "four\n");
  {
    using collector = open(host, settings);
    assert.deepEqual(messagesOf(await read(collector)).sort(), ["four", "three", "two is whole now"]);
  }
  const { mode } = Deno.statSync(`${host.stateDirectory}/logs.json`);
  assert.equal((mode ?? 0) & 0o777, 0o600);
});

Deno.test("linuxLogs repeats after a crash what the last collection returned, and loses nothing", async () => {
  using temporary = temporaryHost({ "root/var/log/app.log": "", "state/keep": "" });
  const host = { ...temporary.host, stateDirectory: temporary.host.fs.root("/../state") };
  const settings = { files: [{ path: "/var/log/app.log", match: "." }] };
  using crashed = open({ ...host }, settings);
  await read(crashed);
  append(host, "/var/log/app.log", "one\n");
  await read(crashed);
  append(host, "/var/log/app.log", "two\n");
  await read(crashed);
  using collector = open(host, settings);
  assert.deepEqual(messagesOf(await read(collector)), ["two"]);
});

Deno.test("linuxLogs begins anew, saying so, when its positions can't be understood", async () => {
  using temporary = temporaryHost({ "root/var/log/app.log": "old\n", "state/logs.json": '{"files":7' });
  const host = { ...temporary.host, stateDirectory: temporary.host.fs.root("/../state") };
  using collector = open(host, { files: [{ path: "/var/log/app.log", match: "." }] });
  assert.deepEqual(messagesOf(await read(collector)), []);
});

Deno.test("logsSettings names what is wrong with a setting", () => {
  const wrong = (file: object) => {
    const { error } = z.safeParse(logsSettings, { files: [file] });
    return error === undefined ? "" : z.prettifyError(error);
  };
  assert.match(wrong({ path: "/a", match: "(a+)+" }), /holds a repetition is repeated itself/);
  assert.match(wrong({ path: "/a", parser: "regex" }), /the regex parser needs a pattern/);
  assert.match(wrong({ path: "/a/../b" }), /absolute path without \.\./);
  assert.match(wrong({ path: "/a", parser: "xml" }), /Invalid/);
});

componentTest(
  "journalctl",
  journalRemote,
  "linuxLogs follows a journal of journald's form, over a restart",
  async (remote) => {
    using temporary = temporaryHost({
      "root/var/log/journal/5f0d2f0a9f3c4d0e8f2b0a4c1d7b6e22/keep": "",
      "state/keep": "",
    }, systemClock);
    const host = { ...temporary.host, stateDirectory: temporary.host.fs.root("/../state") };
    const journal = host.fs.root("/var/log/journal/5f0d2f0a9f3c4d0e8f2b0a4c1d7b6e22/system.journal");
    const entry = (MESSAGE: string, PRIORITY: string, more = {}) => ({
      MESSAGE,
      PRIORITY,
      SYSLOG_IDENTIFIER: "app",
      _PID: "7",
      _SYSTEMD_UNIT: "app.service",
      ...more,
    });
    await writeJournal(remote, journal, [entry("before", "3")]);
    const collectUntil = async (collector: Collector, wanted: string) => {
      const events: LogEvent[] = [];
      return await waitFor(`the event ${wanted}`, async () => {
        events.push(...(await read(collector)).events);
        return events.some(({ message }) => message === wanted) && events;
      });
    };
    const positions = () => Deno.readTextFileSync(`${host.stateDirectory}/logs.json`);
    {
      using collector = open(host, {});
      await waitFor("the cursor of the newest entry", async () => {
        await read(collector);
        try {
          return positions().includes("cursor");
        } catch {
          return false; // Not written yet.
        }
      });
    }
    await writeJournal(remote, journal, [
      entry("debugging", "7"),
      entry("failed", "3"),
      entry("odd", "4", { _SYSTEMD_UNIT: "other.service" }),
    ]);
    {
      using collector = open(host, {});
      const events = await collectUntil(collector, "odd");
      assert.deepEqual(
        events.map(({ message, level, process, pid, unit }) => [message, level, process, pid, unit]),
        [
          ["failed", "error", "app", 7, "app.service"],
          ["odd", "warning", "app", 7, "other.service"],
        ],
      );
    }
  },
);
