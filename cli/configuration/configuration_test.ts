import assert from "node:assert/strict";
import { exitCodes } from "../exit_codes.ts";
import {
  type Configuration,
  ConfigurationError,
  resolveConfiguration,
  type Sources,
} from "./configuration.ts";
import { collectorToggles, missingSettings } from "./foreign_settings.ts";
import { isSection, settingTable } from "./load.ts";
import { describeProblem } from "./problem.ts";
import { environmentNames, type Role, roles } from "./setting.ts";
import * as settings from "./settings.ts";
import { parseYaml } from "./yaml_file.ts";

const collectors = ["cpu", "memory", "disk"];
const table = settingTable(collectors.map((name) => ({ name })));

interface Given {
  readonly flags?: Record<string, string>;
  readonly environment?: Record<string, string>;
  readonly yaml?: string;
}

function resolve(
  { flags = {}, environment = {}, yaml }: Given,
  wanted: readonly Role[] = roles,
): Configuration {
  const sources: Sources = {
    flags: new Map(Object.entries(flags)),
    environment: new Map(Object.entries(environment)),
    ...yaml === undefined ? {} : { file: parseYaml(yaml, "spectra.yaml", isSection) },
  };
  return resolveConfiguration(table, wanted, sources);
}

function failure(given: Given, wanted?: readonly Role[]): ConfigurationError {
  try {
    resolve(given, wanted);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "was not refused" });
}

/** `collectors.cpu.enabled` as nested sections. */
function yamlOf(key: string, value: string): string {
  return key.split(".").map((part, depth) => `${"  ".repeat(depth)}${part}:`).join("\n") + ` ${value}\n`;
}

const isSectionKind = (key: string) =>
  table.settings.find((setting) => setting.key === key)?.kind.fromYaml({}) !== undefined;

for (const setting of table.settings) {
  const { key, kind } = setting;
  if (isSectionKind(key)) continue;
  Deno.test(`resolveConfiguration refuses wrong types and ranges of ${key} and says where and what is allowed`, () => {
    for (const wrong of ["-1", "[1]", "{a: 1}", '"\\u0007"', "!!float .nan"]) {
      const error = failure({ yaml: `# first line\n${yamlOf(key, wrong)}` });
      assert.equal(error.exitCode, exitCodes.configuration);
      assert.equal(error.problems.length, 1, error.message);
      assert.match(error.message, new RegExp(`^spectra\\.yaml:${1 + key.split(".").length}:\\d+: `));
      assert.ok(error.message.includes(key) && error.message.includes(kind.allowed), error.message);
    }
    for (const name of environmentNames(setting)) {
      const error = failure({ environment: { [name]: "\u0007" } });
      assert.equal(error.exitCode, exitCodes.configuration);
      assert.ok(error.message.includes(`environment variable ${name}: `), error.message);
      assert.ok(error.message.includes(kind.allowed), error.message);
    }
    if (setting.flag === undefined) return;
    const error = failure({ flags: { [key]: "\u0007" } });
    assert.equal(error.exitCode, exitCodes.usage);
    assert.ok(error.message.startsWith(setting.flag.split(" ")[0] ?? "?"), error.message);
  });
}

Deno.test("every key, alias and environment variable stands in the table once", () => {
  const keys = table.settings.flatMap((setting) => [setting.key, ...setting.aliases ?? []]);
  assert.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), []);
  const variables = table.settings.flatMap(environmentNames);
  assert.deepEqual(variables.filter((name, index) => variables.indexOf(name) !== index), []);
});

/** A value that each setting without a feature takes. */
function allowedValue(key: string): string {
  const candidates = [
    "true",
    "30",
    "auto",
    "/run/x.sock",
    "abc1234567",
    "https://pve.example.org:8006",
    "[eth0]",
    "{a: 1}",
  ];
  const setting = missingSettings.find((setting) => setting.key === key);
  const found = candidates.find((yaml) => {
    const { entries } = parseYaml(`${key}: ${yaml}\n`, "f", isSection);
    return setting?.kind.fromYaml(entries[0]?.value) !== undefined;
  });
  assert.ok(found !== undefined, `no allowed value for ${key}`);
  return found;
}

for (const setting of missingSettings) {
  Deno.test(`resolveConfiguration refuses ${setting.key} and names the feature that is missing`, () => {
    for (const key of [setting.key, ...setting.aliases ?? []]) {
      const error = failure({ yaml: `${key}: ${allowedValue(setting.key)}\n` });
      assert.equal(error.exitCode, exitCodes.configuration);
      assert.ok(error.message.includes(`${key}: `), error.message);
      assert.ok(error.message.includes(setting.missingFeature ?? "?"), error.message);
      if (setting.inert !== undefined) {
        assert.doesNotThrow(() => resolve({ yaml: `${key}: ${setting.inert}\n` }));
      }
    }
  });
}

for (
  const [name, value, feature] of [
    ["AGENT_SECRET", "s3cret-value", /tenants/],
    ["CONTAINERS_INTERVAL", "900", /container monitoring/],
    ["BUFFER_ENABLED", "true", /spool/],
  ] as const
) {
  Deno.test(`resolveConfiguration refuses ${name} for an agent, by the feature it needs`, () => {
    const error = failure({ environment: { [name]: value } }, ["agent"]);
    assert.match(error.message, feature);
    assert.ok(!error.message.includes("s3cret"));
  });
  Deno.test(`resolveConfiguration does not look at ${name} for a server`, () => {
    assert.doesNotThrow(() => resolve({ environment: { [name]: value } }, ["server"]));
  });
}

Deno.test("resolveConfiguration never shows a secret's value", () => {
  const error = failure({ yaml: "api_key: [s3cret]\npostgresql_password: s3cret\n" });
  assert.equal(error.problems.length, 2);
  assert.ok(!error.message.includes("s3cret"), error.message);
});

const precedence: readonly [string, Given, string | undefined, string][] = [
  ["default", {}, undefined, "default"],
  ["file", { yaml: "server: http://file\n" }, "http://file", "file"],
  [
    "environment over file",
    { yaml: "server: http://file\n", environment: { MASTER_URL: "http://neon" } },
    "http://neon",
    "environment",
  ],
  [
    "our variable over another agent's",
    { environment: { MASTER_URL: "http://neon", SPECTRA_SERVER: "http://ours" } },
    "http://ours",
    "environment",
  ],
  [
    "flag over everything",
    {
      yaml: "server: http://file\n",
      environment: { SPECTRA_SERVER: "http://env" },
      flags: { server: "http://flag" },
    },
    "http://flag",
    "flag",
  ],
  [
    "file over an empty variable",
    { yaml: "server: http://file\n", environment: { SPECTRA_SERVER: "" } },
    "http://file",
    "file",
  ],
];
for (const [name, given, value, source] of precedence) {
  Deno.test(`resolveConfiguration takes ${name}`, () => {
    const configuration = resolve(given);
    assert.equal(configuration.value(settings.server), value);
    assert.equal(configuration.origin(settings.server).source, source);
  });
}

Deno.test("resolveConfiguration takes HOSTNAME only when nothing else names the host", () => {
  const environment = { HOSTNAME: "from-shell" };
  assert.equal(resolve({ environment }).value(settings.hostname), "from-shell");
  assert.equal(resolve({ environment, yaml: "hostname: from-file\n" }).value(settings.hostname), "from-file");
  assert.equal(
    resolve({ environment: { ...environment, SERVER_NAME: "neon" } }).value(settings.hostname),
    "neon",
  );
});

Deno.test("resolveConfiguration checks the file even where something overrides it", () => {
  assert.match(
    failure({ yaml: "server: nonsense\n", flags: { server: "http://flag" } }).message,
    /spectra\.yaml:1:9/,
  );
});

Deno.test("resolveConfiguration tells all problems at once, each with its place", () => {
  const error = failure({
    yaml:
      "hostnme: a\nbatch_size: many\ncollection_interval: 5\ncollectors:\n  cpuu:\n    enabled: true\n  cpu:\n    intervall: 3\n",
    environment: { METRICS_INTERVAL: "soon" },
  });
  assert.deepEqual(error.problems.map(describeProblem), [
    'spectra.yaml:1:1: unknown key "hostnme" (did you mean "hostname"?)',
    'spectra.yaml:2:13: batch_size: "many" is not allowed: must be a whole number from 50 to 500',
    'spectra.yaml:3:22: collection_interval: 5 is not allowed: must be seconds or a duration ("30s", "1m30s") from 10s to 5m',
    'spectra.yaml:6:5: unknown collector "cpuu" (did you mean "cpu"?); there are cpu, memory, disk',
    'spectra.yaml:8:5: unknown key "intervall" of the collector "cpu"; there are enabled, interval_seconds',
    'environment variable METRICS_INTERVAL: "soon" is not allowed: must be seconds or a duration ("30s", "1m30s") from 1s to 1d',
  ]);
  assert.equal(error.exitCode, exitCodes.configuration);
});

Deno.test("resolveConfiguration refuses a key given twice, also under its other name", () => {
  assert.match(
    failure({ yaml: "batch_size: 100\nbatch_size: 200\n" }).message,
    /:2:1: "batch_size" was already given on line 1/,
  );
  assert.match(
    failure({ yaml: "server: http://a\nserver_url: http://b\n" }).message,
    /"server_url" means the same as "server"/,
  );
});

Deno.test("resolveConfiguration takes a key without a value as not given", () => {
  assert.equal(resolve({ yaml: "hostname:\n" }).value(settings.hostname), undefined);
});

Deno.test("resolveConfiguration warns of a variable that is nearly one of ours and lets others be", () => {
  const { warnings } = resolve({
    environment: {
      SPECTRA_HOSTNMAE: "x",
      SPECTRA_SERVICE_HOST: "10.0.0.1",
      SPECTRA_PORT: "tcp://10.0.0.1:80",
    },
  });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /SPECTRA_HOSTNMAE.*SPECTRA_HOSTNAME/);
});

Deno.test("collector switches cover only collectors that there are", async () => {
  const { collectorDefinitions } = await import("../../collectors/mod.ts");
  const names = collectorDefinitions.map(({ name }) => name);
  assert.deepEqual(
    collectorToggles.flatMap((toggle) => toggle.collectors).filter((name) => !names.includes(name)),
    [],
  );
});
