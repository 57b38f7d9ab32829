import assert from "node:assert/strict";
import { CommandError } from "../exit_codes.ts";
import { isSection } from "./load.ts";
import { parseYaml, readYamlFile } from "./yaml_file.ts";

const parse = (text: string) => parseYaml(text, "spectra.yaml", isSection);

Deno.test("parseYaml gives keys, values and places, sections flattened", () => {
  const { entries, problems } = parse(
    "# comment\nserver: https://x\ncollectors:\n  cpu:\n    enabled: false\nbatch_size:   100\n",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(entries.map(({ key, value }) => [key, value]), [
    ["server", "https://x"],
    ["collectors.cpu.enabled", false],
    ["batch_size", 100],
  ]);
  assert.deepEqual(entries[2]?.origin, { source: "file", file: "spectra.yaml", line: 6, column: 1 });
  assert.deepEqual(entries[2]?.valueOrigin, { source: "file", file: "spectra.yaml", line: 6, column: 15 });
});

for (
  const [name, text] of [["nothing", ""], ["comments", "# only\n"], ["null", "~\n"], [
    "an empty section",
    "collectors:\n",
  ]]
) {
  Deno.test(`parseYaml finds no entries and no problems in ${name}`, () => {
    assert.deepEqual(parse(text ?? ""), { entries: [], problems: [] });
  });
}

/** What, the text, the line to be named (where the parser gives up at a place of its own, any), the message. */
const bad: readonly [string, string, number | undefined, RegExp][] = [
  ["a syntax error", "server: https://x\nlisten: [1, 2\n", 3, /not valid YAML/],
  ["a tab as indentation", "collectors:\n\tcpu: 1\n", 2, /not valid YAML/],
  ["two documents", "server: a\n---\nserver: b\n", 2, /not valid YAML/],
  ["a list instead of keys", "- a\n- b\n", 1, /must be a section/],
  ["plain text", "hello\n", 1, /must be a section/],
  ["a value where a section belongs", "collectors:\n  cpu: 5\n", 2, /"collectors.cpu" must be a section/],
  ["a key that is no text", "1: a\n", 1, /a key must be text/],
  ["a list as key", "? [a]\n: b\n", 1, /a key must be text/],
  ["an unknown tag", "server: !evil x\n", 1, /not valid YAML/],
  ["an alias", "server: &a https://x\nhostname: *a\n", 2, /alias \*a/],
  ["a merge of an alias", "docker: &a {b: 1}\npodman:\n  <<: *a\n", 3, /alias \*a/],
  ["deep flow nesting", `server: ${"[".repeat(100_000)}`, undefined, /nested too deeply|not valid YAML/],
  ["deep block nesting", `server:\n${"- ".repeat(100_000)}x`, undefined, /nested too deeply|not valid YAML/],
];
for (const [name, text, line, message] of bad) {
  Deno.test(`parseYaml tells the place of ${name}`, () => {
    const { problems } = parse(text);
    const [problem] = problems;
    assert.match(problem?.message ?? "", message);
    assert.ok(problem?.origin.source === "file");
    if (line !== undefined) assert.equal(problem.origin.line, line);
  });
}

Deno.test("parseYaml refuses an alias bomb without expanding it", () => {
  const levels = Array.from({ length: 30 }, (_, level) => {
    const inner = level === 0 ? "lol" : Array(9).fill(`*l${level - 1}`).join(",");
    return `l${level}: &l${level} [${inner}]`;
  });
  const started = performance.now();
  const { entries, problems } = parse(levels.join("\n"));
  assert.equal(entries.length, 0);
  assert.match(problems[0]?.message ?? "", /alias/);
  assert.ok(performance.now() - started < 2000);
});

Deno.test("parseYaml keeps keys named after what every object has", () => {
  const { entries } = parse("__proto__: 1\nconstructor: 2\ndocker: {__proto__: {a: 1}}\n");
  assert.deepEqual(entries.map(({ key }) => key), ["__proto__", "constructor", "docker"]);
  assert.equal("a" in {}, false);
});

async function withFile(bytes: Uint8Array, run: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeFile(path, bytes);
    await run(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readYamlFile refuses 10 MB", () =>
  withFile(new Uint8Array(10_000_000).fill(0x23), async (path) => {
    await assert.rejects(readYamlFile(path, isSection), /longer than 1048576 bytes/);
  }));

Deno.test("readYamlFile takes a megabyte of keys in good time", () =>
  withFile(
    new TextEncoder().encode(Array.from({ length: 100_000 }, (_, n) => `k${n}: 1`).join("\n")),
    async (path) => {
      const { entries } = await readYamlFile(path, isSection);
      assert.equal(entries.length, 100_000);
    },
  ));

Deno.test("readYamlFile refuses what is not UTF-8", () =>
  withFile(new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]), async (path) => {
    await assert.rejects(readYamlFile(path, isSection), /not UTF-8/);
  }));

Deno.test("readYamlFile names a file that is absent", async () => {
  await assert.rejects(readYamlFile("/nonexistent/spectra.yaml", isSection), (error) => {
    assert.ok(error instanceof CommandError);
    assert.equal(error.exitCode, 78);
    assert.match(error.message, /\/nonexistent\/spectra.yaml/);
    return true;
  });
});
