/** The long-running commands: what they print, how signals reach them, what they leave. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseEnvelope } from "../../protocol/envelope.ts";
import { waitFor } from "../support/wait.ts";
import { run, type Running, start, withDirectory } from "./run.ts";

const windows = Deno.build.os === "windows";

/** The URL that a server says it listens on. */
async function urlOf(running: Running): Promise<string> {
  return await waitFor(
    "the server says where it listens",
    () => /http:\/\/127\.0\.0\.1:\d+/.exec(running.stdout())?.[0],
  );
}

/** Starts, uses, and ends whatever happens. */
async function during(args: readonly string[], use: (running: Running) => Promise<void>): Promise<void> {
  const running = start(args);
  let ended = false;
  void running.finished.then(() => ended = true);
  try {
    await use(running);
  } finally {
    if (!ended) running.process.kill("SIGKILL");
    await running.finished;
  }
}

Deno.test("up shows this host, names its files, ends with 0 on Ctrl-C and goes on with the same data", () =>
  withDirectory(async (data) => {
    const ids: string[] = [];
    for (const round of [1, 2]) {
      await during(
        ["up", "--listen", "127.0.0.1:0", "--data", data, "--hostname", "test-host"],
        async (running) => {
          const url = await urlOf(running);
          const list = await waitFor("the host is listed", async () => {
            const { code, stdout } = await run(["hosts", "--server", url, "--data", data, "--json"]);
            const hosts: { agent_id: string; hostname: string; status: string }[] = code === 0
              ? JSON.parse(stdout)
              : [];
            return hosts.some(({ status }) => status === "online") ? hosts : undefined;
          });
          assert.deepEqual(
            list.map(({ hostname }) => hostname),
            ["test-host"],
            "one host, whatever the port",
          );
          ids.push(...list.map((host) => host.agent_id));
          await waitFor("all is said", () => running.stdout().includes("Ctrl-C"));
          const said = running.stdout();
          assert.ok(said.includes(data), `round ${round} names the data directory`);
          assert.ok(said.includes(join(data, "admin-token")));
          assert.match(said, /Sign in\s+http:\/\/127\.0\.0\.1:\d+\/\S+/);
          const table = await run(["hosts", "--server", url, "--data", data]);
          assert.match(table.stdout, /^HOST\s+STATUS.*\ntest-host\s+online/);
          running.process.kill("SIGINT");
          const { code, stderr } = await running.finished;
          if (!windows) assert.equal(code, 0, stderr);
        },
      );
    }
    assert.equal(ids[0], ids[1], "the same agent after a restart");
  }));

Deno.test("up and server say which port is busy and what to do", () =>
  withDirectory(async (data) => {
    const busy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    try {
      for (const command of ["up", "server"]) {
        const { port } = busy.addr;
        const { code, stdout, stderr } = await run([
          command,
          "--listen",
          `127.0.0.1:${port}`,
          "--data",
          data,
        ]);
        assert.equal(code, 69, stderr);
        assert.equal(stdout, "");
        assert.match(
          stderr,
          new RegExp(`Cannot listen on 127.0.0.1:${port}: another program uses port ${port}.*--listen`),
        );
      }
    } finally {
      busy.close();
    }
  }));

Deno.test("up, server and agent say when the data directory can't be made or written to", () =>
  withDirectory(async (directory) => {
    const file = join(directory, "file");
    await Deno.writeTextFile(file, "");
    const commands = [["up"], ["server"], ["agent", "--server", "http://127.0.0.1:1"]];
    for (const command of commands) {
      const { code, stderr } = await run([...command, "--data", join(file, "data"), "--log-level", "error"]);
      assert.equal(code, 73, stderr);
      assert.match(stderr, /Cannot keep data in .*: Cannot make the directory .*file.*--data DIR/);
      if (Deno.build.os !== "linux") continue;
      const foreign = await run([...command, "--data", "/proc", "--log-level", "error"]);
      assert.equal(foreign.code, 73, foreign.stderr);
      assert.match(
        foreign.stderr,
        /Cannot keep data in \/proc: Cannot write to the directory \/proc.*--data DIR/,
      );
    }
  }));

Deno.test("a second agent and a second server on the same data directory end with 1 and say what to do", () =>
  withDirectory(async (data) => {
    const commands = [["server", "--listen", "127.0.0.1:0"], ["agent", "--server", "http://127.0.0.1:1"]];
    for (const args of commands) {
      await during([...args, "--data", data], async (running) => {
        await waitFor("it runs", () => (args[0] === "agent" ? running.stderr() : running.stdout()) !== "");
        const { code, stderr } = await run([...args, "--data", data]);
        assert.equal(code, 1, stderr);
        assert.match(
          stderr,
          new RegExp(`The data directory .* is in use by another ${args[0]}: .*--data DIR`),
        );
      });
    }
  }));

Deno.test("hosts says when the server is away and when it does not take the token", () =>
  withDirectory(async (data) => {
    const token = join(data, "wrong-token");
    await Deno.writeTextFile(token, "wrong\n");
    const away = await run(["hosts", "--server", "http://127.0.0.1:1", "--token-file", token]);
    assert.equal(away.code, 69, away.stderr);
    assert.match(away.stderr, /Cannot reach http:\/\/127\.0\.0\.1:1.*--server URL/);
    await during(["server", "--listen", "127.0.0.1:0", "--data", data], async (running) => {
      const refused = await run(["hosts", "--server", await urlOf(running), "--token-file", token]);
      assert.equal(refused.code, 77, refused.stderr);
      assert.doesNotMatch(refused.stderr, /wrong\b(?!-token)/);
    });
  }));

/** A server that answers every request alike. */
async function withServer(response: () => Response, use: (url: string) => Promise<void>): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, response);
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

const strangers: readonly [string, () => Response, RegExp][] = [
  ["HTML", () => new Response("<html>"), /did not answer as a Spectra server does/],
  [
    "other JSON",
    () => Response.json({ hosts: [{ hostname: "\x1b[2J" }] }),
    /did not answer as a Spectra server does/,
  ],
  ["a redirect", () => Response.redirect("http://127.0.0.1:9/"), /Cannot reach/],
  [
    "an error",
    () =>
      Response.json({ type: "about:blank", title: "x", status: 503, detail: "full\x1b[2J" }, { status: 503 }),
    /answered 503: full\\x1b/,
  ],
];
for (const [name, response, expected] of strangers) {
  Deno.test(`hosts ends with 69 when ${name} comes from what is no Spectra server`, () =>
    withDirectory(async (directory) => {
      const token = join(directory, "token");
      await Deno.writeTextFile(token, "secret-token");
      await withServer(response, async (url) => {
        const { code, stdout, stderr } = await run(["hosts", "--server", url, "--token-file", token]);
        assert.equal(code, 69, stderr);
        assert.equal(stdout, "");
        assert.match(stderr, expected);
      });
    }));
}

Deno.test({
  name: "SIGHUP reloads the configuration of a server and an agent, and an invalid one changes nothing",
  ignore: windows, // There is no SIGHUP.
  fn: () =>
    withDirectory(async (data) => {
      const file = join(data, "spectra.yaml");
      const invalid = "log_level: nonsense\n";
      for (
        const args of [["server", "--listen", "127.0.0.1:0"], ["agent", "--server", "http://127.0.0.1:1"]]
      ) {
        await Deno.writeTextFile(file, "log_level: debug\n");
        await during([...args, "--data", data, "--config", file], async (running) => {
          await waitFor("it runs", () => (args[0] === "agent" ? running.stderr() : running.stdout()) !== "");
          await Deno.writeTextFile(file, invalid);
          running.process.kill("SIGHUP");
          await waitFor(
            "the invalid one is refused",
            () => /not reloaded.*nonsense.* is not allowed/.test(running.stderr()),
          );
          await Deno.writeTextFile(file, "log_level: info\n");
          running.process.kill("SIGHUP");
          await waitFor("the valid one is taken", () => running.stderr().includes("Configuration reloaded"));
          running.process.kill("SIGTERM");
          assert.equal((await running.finished).code, 0);
        });
      }
    }),
});

Deno.test("a second signal ends at once with 130", async () => {
  const signals = new URL("../../cli/signals.ts", import.meta.url);
  const code =
    `(await import("${signals}")).listenForSignals(); console.log("ready"); setInterval(() => {}, 1e6)`;
  const process = new Deno.Command(Deno.execPath(), { args: ["eval", code], stdin: "null", stdout: "piped" })
    .spawn();
  const output = process.stdout.getReader();
  await output.read(); // "ready"
  process.kill("SIGINT");
  process.kill("SIGINT");
  const again = setInterval(() => process.kill("SIGINT"), 50); // Two signals at the same moment are one.
  const { code: exitCode } = await process.status.finally(() => clearInterval(again));
  await output.cancel();
  if (!windows) assert.equal(exitCode, 130);
});

Deno.test("server warns when everybody can listen in", () =>
  withDirectory(async (data) => {
    await during(["server", "--listen", "0.0.0.0:0", "--data", data], async (running) => {
      await waitFor("it warns", () => /0\.0\.0\.0:0 without TLS/.test(running.stderr()));
    });
  }));

Deno.test("collect --json prints one array of envelopes that the protocol takes", async () => {
  const { code, stdout, stderr } = await run(["collect", "--json"]);
  assert.equal(code, 0, stderr);
  const envelopes: unknown[] = JSON.parse(stdout);
  assert.equal(stdout.trimEnd().split("\n").length, 1);
  for (const envelope of envelopes) {
    const verdict = parseEnvelope(envelope);
    assert.ok(verdict.ok, JSON.stringify(verdict));
  }
  if (Deno.build.os === "linux") assert.ok(envelopes.length >= 6, stdout);
});

Deno.test("collect --watch --json prints an array per line until Ctrl-C", () =>
  during(["collect", "--watch", "--json"], async (running) => {
    await waitFor("two rounds", () => running.stdout().split("\n").length > 2);
    running.process.kill("SIGINT");
    const { code, stdout } = await running.finished;
    if (!windows) assert.equal(code, 0);
    for (const line of stdout.trimEnd().split("\n")) assert.ok(Array.isArray(JSON.parse(line)));
  }));

Deno.test("collect of an empty procfs names what failed and why", () =>
  withDirectory(async (directory) => {
    const { stdout, stderr } = await run(["collect", "cpu", "--procfs", directory]);
    assert.match(stdout + stderr, /cpu (failed|unsupported|denied): /);
  }));
