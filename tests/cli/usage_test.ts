/** What the command line answers, run as a person or a script runs it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { collectorDefinitions } from "../../collectors/mod.ts";
import { version } from "../../lib/version.ts";
import { componentTest, findExecutable } from "../support/component.ts";
import { mainPath, run, type RunOptions, withDirectory } from "./run.ts";

interface Case {
  readonly args: readonly string[];
  readonly options?: RunOptions;
  readonly code: number;
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
}

const agentOnly: RunOptions = { program: "agent/main.ts" };

const cases: readonly Case[] = [
  { args: [], code: 0, stdout: /^Usage: spectra .*Commands:.*\bup\b.*\bhosts\b.*Examples:/s },
  { args: ["--help"], code: 0, stdout: /^Usage: spectra / },
  { args: ["help", "collect"], code: 0, stdout: /^Usage: spectra collect .*--json.*Examples:/s },
  { args: ["--version"], code: 0, stdout: new RegExp(`^spectra ${version}\n$`) },
  { args: ["version"], code: 0, stdout: new RegExp(`^spectra ${version} \\(.*Deno `) },
  { args: ["version", "--json"], code: 0, stdout: new RegExp(`^\\{"version":"${version}"`) },
  { args: ["--frobnicate"], code: 64, stderr: /unknown option '--frobnicate'/ },
  { args: ["serve"], code: 64, stderr: /no command "serve" \(did you mean "server"\?\)/ },
  {
    args: ["up", "--lsten", "x"],
    code: 64,
    stderr: /^spectra up: unknown option '--lsten' \(Did you mean --listen\?\)/,
  },
  { args: ["up", "extra"], code: 64, stderr: /too many arguments/ },
  { args: ["up", "--data"], code: 64, stderr: /argument missing/ },
  {
    args: ["server", "--listen", "8080"],
    code: 64,
    stderr: /--listen: "8080" is not allowed: must be HOST:PORT/,
  },
  { args: ["agent"], code: 78, stderr: /No server to report to.*--server URL/ },
  {
    args: ["agent", "--server", "nonsense"],
    code: 64,
    stderr: /--server: "nonsense" is not allowed: must be an http/,
  },
  { args: ["collect", "cup"], code: 64, stderr: /"cup" \(did you mean "cpu"\?\); there are .*memory/ },
  { args: ["collect", "evil\x1b[2J"], code: 64, stderr: /evil\\\\u001b|evil\\x1b/ },
  { args: ["config", "frob"], code: 64, stderr: /Allowed choices are validate, show/ },
  { args: ["config", "validate"], code: 0, stdout: /is valid/ },
  { args: ["--validate-config"], code: 0, stdout: /is valid/ },
  { args: ["server", "--validate-config"], code: 0, stdout: /is valid/ },
  { args: ["up", "--validate-config"], code: 0, stdout: /is valid/ },
  { args: ["agent", "--validate-config"], code: 78, stderr: /No server to report to/ },
  { args: ["agent", "--validate-config", "--server", "https://s"], code: 0, stdout: /is valid/ },
  {
    args: ["config", "validate", "--config", "/nonexistent.yaml"],
    code: 78,
    stderr: /Cannot read the configuration \/nonexistent.yaml/,
  },
  {
    args: ["config", "validate"],
    options: { environment: { METRICS_INTERVAL: "soon" } },
    code: 78,
    stderr: /environment variable METRICS_INTERVAL: "soon" is not allowed/,
  },
  {
    args: ["agent", "--server", "https://s"],
    options: { environment: { AGENT_SECRET: "s3cret" } },
    code: 78,
    stderr: /environment variable AGENT_SECRET: this version does not have access for several tenants yet/,
  },
  {
    args: ["config", "validate"],
    options: { environment: { SPECTRA_HOSTNMAE: "x" } },
    code: 0,
    stderr: /SPECTRA_HOSTNMAE means nothing: did you mean SPECTRA_HOSTNAME\?/,
  },
  {
    args: ["doctor", "--server", "http://127.0.0.1:1"],
    code: 2,
    stdout: /server +attention +Cannot reach.*cpu +available/s,
  },
  { args: ["doctor", "--sever", "x"], code: 64, stderr: /unknown option '--sever'/ },
  {
    args: ["hosts", "--token-file", "/nonexistent"],
    code: 78,
    stderr: /Cannot read the admin token .*--token-file FILE/,
  },
  { args: ["--help"], options: agentOnly, code: 0, stdout: /^Usage: spectra-agent .*\bcollect\b/s },
  { args: ["up"], options: agentOnly, code: 64, stderr: /^spectra-agent: There is no command "up"/ },
  { args: ["version"], options: agentOnly, code: 0, stdout: new RegExp(`^spectra ${version}`) },
];

for (const { args, options, code, stdout, stderr } of cases) {
  const name = `${options?.program ?? "main.ts"} ${
    args.map((argument) => JSON.stringify(argument)).join(" ")
  }`;
  const variables = Object.keys(options?.environment ?? {}).join(" ");
  Deno.test(`${name}${variables === "" ? "" : ` with ${variables}`} exits ${code}`, async () => {
    const finished = await run(args, options);
    const all = JSON.stringify(finished);
    assert.equal(finished.code, code, all);
    if (stdout !== undefined) assert.match(finished.stdout, stdout);
    if (stderr !== undefined) assert.match(finished.stderr, stderr);
    if (code > 2) assert.equal(finished.stdout, "", "errors belong on standard error");
    assert.doesNotMatch(all, /s3cret|\\u001b\[|\bat file:/, "no secret, no colour in a pipe, no stack");
  });
}

Deno.test("--debug says where an error arose, and so does SPECTRA_LOG_LEVEL=debug", async () => {
  const args = ["hosts", "--token-file", "/nonexistent"];
  assert.match((await run([...args, "--debug"])).stderr, /at readToken/);
  assert.match((await run(args, { environment: { SPECTRA_LOG_LEVEL: "debug" } })).stderr, /at readToken/);
});

Deno.test("a wrong file is told with line, value and what is allowed, all at once", () =>
  withDirectory(async (directory) => {
    const file = join(directory, "spectra.yaml");
    await Deno.writeTextFile(file, "hostnme: a\nbatch_size: 5000\napi_key: s3cret\ncollect_docker: true\n");
    for (
      const args of [["config", "validate"], ["--validate-config"], ["agent"], ["server"], ["config", "show"]]
    ) {
      const { code, stdout, stderr } = await run([...args, "--config", file]);
      assert.equal(code, 78, stderr);
      assert.equal(stdout, "");
      assert.deepEqual(stderr.trimEnd().split("\n").map((line) => line.replace(`spectra: ${file}`, "")), [
        ':1:1: unknown key "hostnme" (did you mean "hostname"?)',
        ":2:13: batch_size: 5000 is not allowed: must be a whole number from 50 to 500",
        ":3:10: api_key: this version does not have access for several tenants yet: remove it",
        ":4:17: collect_docker: this version does not have container monitoring yet: remove it or set it to false",
      ]);
    }
    const { code, stdout } = await run(["config", "validate", "--json", "--config", file]);
    assert.equal(code, 78);
    const { valid, problems } = JSON.parse(stdout);
    assert.equal(valid, false);
    assert.deepEqual([problems.length, problems[1].line, problems[1].column], [4, 2, 13]);
  }));

Deno.test("config show gives each value with its origin: flag over environment over file over default", () =>
  withDirectory(async (directory) => {
    const file = join(directory, "spectra.yaml");
    await Deno.writeTextFile(file, "log_level: error\nbatch_size: 200\nserver: http://file\n");
    const { code, stdout, stderr } = await run(["config", "show", "--json", "--log-level", "warn"], {
      environment: { SPECTRA_CONFIG: file, MASTER_URL: "http://neon:3000" },
    });
    assert.equal(code, 0, stderr);
    const shown: { key: string; value: unknown; origin: string }[] = JSON.parse(stdout);
    const of = (key: string) => shown.find((row) => row.key === key);
    assert.deepEqual(of("log_level"), { key: "log_level", value: "warning", origin: "--log-level" });
    assert.deepEqual(of("server"), {
      key: "server",
      value: "http://neon:3000",
      origin: "environment variable MASTER_URL",
    });
    assert.deepEqual(of("batch_size"), { key: "batch_size", value: 200, origin: `${file}:2:13` });
    assert.deepEqual(of("listen"), { key: "listen", value: "127.0.0.1:8080", origin: "default" });
  }));

Deno.test("global flags may stand before the command", async () => {
  const { stdout } = await run(["--log-level", "error", "config", "show", "--json"]);
  assert.match(stdout, /\{"key":"log_level","value":"error","origin":"--log-level"\}/);
});

componentTest(
  "sh",
  findExecutable("sh"),
  "a reader that goes away ends the command quietly",
  async (shell) => {
    const { code, stdout, stderr } = await new Deno.Command(shell, {
      args: ["-c", `"${Deno.execPath()}" run --no-check -A "${mainPath}" config show | head -n 1`],
    }).output();
    assert.equal(code, 0);
    assert.match(new TextDecoder().decode(stdout), /^SETTING/);
    assert.equal(new TextDecoder().decode(stderr), "");
  },
);

for (const [noColor, coloured] of [["", true], ["1", false]] as const) {
  componentTest(
    "script",
    Deno.build.os === "linux" ? findExecutable("script") : undefined,
    `a terminal is ${coloured ? "" : "not "}written to in colours when NO_COLOR="${noColor}"`,
    async (script) => {
      const { stdout } = await new Deno.Command(script, {
        args: ["-qec", `"${Deno.execPath()}" run --no-check -A "${mainPath}" config show`, "/dev/null"],
        env: { NO_COLOR: noColor, TERM: "xterm" },
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stdout);
      assert.match(text, /SETTING/);
      assert.equal(text.includes("\x1b["), coloured);
    },
  );
}

Deno.test("spectra-agent doctor --json tells of every collector, and by its exit code whether all is well", async () => {
  const { code, stdout } = await run(["doctor", "--json"], agentOnly);
  const { well, findings } = JSON.parse(stdout);
  assert.equal(code, well ? 0 : 2);
  const subjects: unknown[] = findings.map((finding: { subject: string }) => finding.subject);
  for (const { name } of collectorDefinitions) assert.ok(subjects.includes(name), name);
});
