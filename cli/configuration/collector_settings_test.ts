import assert from "node:assert/strict";
import * as z from "zod/mini";
import { collectorDefinitions } from "../../collectors/mod.ts";
import { CommandError } from "../exit_codes.ts";
import { type ConfigurableCollector, configuredSettings, ownSettings } from "./collector_settings.ts";
import { ConfigurationError, resolveConfiguration } from "./configuration.ts";
import { isSection, settingTable } from "./load.ts";
import { describeProblem } from "./problem.ts";
import { hasDefault } from "./setting.ts";
import { parseYaml } from "./yaml_file.ts";

const target = z.strictObject({ url: z.string().check(z.minLength(1)), token: z.optional(z.string()) });
const collectors: readonly ConfigurableCollector[] = [
  {
    name: "checks",
    settings: z.object({
      count: z._default(z.int().check(z.minimum(1), z.maximum(100)), 10).check(z.describe("How many.")),
      mode: z._default(z.enum(["fast", "thorough"]), "fast"),
      include: z._default(z.array(z.string()), []),
      deep: z._default(z.boolean(), false),
      targets: z._default(z.array(target), []),
      by_name: z._default(z.record(z.string(), z.number()), {}),
      api_secret: z.optional(z.string().check(z.minLength(8))),
    }),
  },
  {
    name: "pair",
    settings: z.object({ low: z._default(z.number(), 0), high: z._default(z.number(), 1) })
      .check(z.refine((value) => value.low <= value.high, "low must not be above high")),
  },
  { name: "plain" },
];

function resolve(yaml: string, environment: Record<string, string> = {}) {
  const sources = {
    flags: new Map<string, string>(),
    environment: new Map(Object.entries(environment)),
    file: parseYaml(yaml, "f.yaml", isSection),
  };
  return resolveConfiguration(settingTable(collectors), ["agent"], sources);
}

function problemsOf(yaml: string): string[] {
  try {
    resolve(yaml);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.exitCode, 78);
    return error.problems.map(describeProblem);
  }
  return [];
}

Deno.test("configuredSettings gives what the file says: scalars, lists and maps", () => {
  const yaml = `
collectors:
  checks:
    count: 5
    include: [a, "b*"]
    targets:
      - url: https://a
    by_name:
      x: 1
  plain:
    enabled: false
`;
  assert.deepEqual(configuredSettings(resolve(yaml), collectors), {
    checks: { count: 5, include: ["a", "b*"], targets: [{ url: "https://a" }], by_name: { x: 1 } },
  });
  assert.deepEqual(configuredSettings(resolve(""), collectors), {});
});

for (
  const [variable, text, key, value] of [
    ["COUNT", "7", "count", 7],
    ["MODE", "thorough", "mode", "thorough"],
    ["INCLUDE", "a, b", "include", ["a", "b"]],
    ["DEEP", "true", "deep", true],
    ["BY_NAME", '{"x": 2}', "by_name", { x: 2 }],
  ] as const
) {
  Deno.test(`configuredSettings reads ${key} from an environment variable`, () => {
    const configuration = resolve("", { [`SPECTRA_COLLECTORS_CHECKS_${variable}`]: text });
    assert.deepEqual(configuredSettings(configuration, collectors), { checks: { [key]: value } });
  });
}

const wrong: readonly [string, string][] = [
  ["count: 0", ":3:12: collectors.checks.count: 0 is not allowed: must be at least 1"],
  ["count: many", ':3:12: collectors.checks.count: "many" is not allowed: must be number'],
  ["mode: slow", ':3:11: collectors.checks.mode: "slow" is not allowed: must be one of fast, thorough'],
  ["include: a", ':3:14: collectors.checks.include: "a" is not allowed: must be array'],
  ["include: [1]", ":3:14: collectors.checks.include: [1] is not allowed: 0: must be string"],
  [
    "targets: [{url: '', token: s3cret}]",
    ':3:14: collectors.checks.targets: [{"url":"","token":"(secret)"}] is not allowed: 0.url: must be at least 1 characters',
  ],
  [
    "targets: [{url: a, port: 1}]",
    ':3:14: collectors.checks.targets: [{"url":"a","port":1}] is not allowed: 0: unknown key "port"',
  ],
  ["by_name: {x: y}", ':3:14: collectors.checks.by_name: {"x":"y"} is not allowed: x: must be number'],
  [
    "api_secret: s3cret",
    ":3:17: collectors.checks.api_secret: this value is not allowed: must be at least 8 characters",
  ],
  [
    "cuont: 1",
    ':3:5: unknown key "cuont" of the collector "checks" (did you mean "count"?); there are enabled, interval_seconds, count, mode, include, deep, targets, by_name, api_secret',
  ],
];
for (const [line, problem] of wrong) {
  Deno.test(`resolveConfiguration refuses "${line}" below a collector with its place and what is allowed`, () => {
    assert.deepEqual(problemsOf(`collectors:\n  checks:\n    ${line}\n`), [`f.yaml${problem}`]);
  });
}

Deno.test("configuredSettings refuses values that do not go together", () => {
  assert.throws(
    () => configuredSettings(resolve("collectors: {pair: {low: 5}}\n"), collectors),
    (error) =>
      error instanceof CommandError && error.exitCode === 78 &&
      error.message === "collectors.pair: low must not be above high",
  );
});

for (const collector of collectorDefinitions) {
  Deno.test(`the settings of the collector ${collector.name} have snake_case keys and defaults that it takes`, () => {
    const own = ownSettings(collector);
    for (const [key, setting] of own) {
      assert.match(key, /^[a-z][a-z0-9_]*$/);
      assert.ok(!["enabled", "interval_seconds"].includes(key), key);
      if (hasDefault(setting)) {
        assert.notEqual(setting.kind.fromYaml(setting.default.value()), undefined, key);
      }
    }
  });
}
