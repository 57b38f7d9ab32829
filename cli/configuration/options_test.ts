import assert from "node:assert/strict";
import { join, resolve as absolute } from "node:path";
import { CommandError } from "../exit_codes.ts";
import { resolveConfiguration } from "./configuration.ts";
import { isSection, settingTable } from "./load.ts";
import { adminTokenPath, agentOptions, serverOptions } from "./options.ts";
import { roles } from "./setting.ts";
import { parseYaml } from "./yaml_file.ts";

const names = ["cpu", "memory", "disk", "disk_io", "network"];
const collectors = names.map((name) => ({ name }));

function configuration(yaml: string, environment: Record<string, string> = {}) {
  return resolveConfiguration(settingTable(collectors), roles, {
    flags: new Map(),
    environment: new Map(Object.entries(environment)),
    file: parseYaml(`data: /d\nserver: https://s\n${yaml}`, "f", isSection),
  });
}

Deno.test("agentOptions carries every setting of the agent", () => {
  const options = agentOptions(
    configuration(
      "hostname: web-01\ntoken_file: /t\nprocfs: /host/proc\nsysfs: /host/sys\nrootfs: /host\nbuffer_max_size: 77\n" +
        "batch_size: 50\nbatch_seconds: 2s\nheartbeat_interval: 20\ncollection_interval: 15\n" +
        "collectors: {cpu: {interval_seconds: 7}, memory: {enabled: false}}\n",
    ),
    collectors,
  );
  assert.deepEqual(options, {
    serverUrl: "https://s",
    dataDirectory: absolute("/d"),
    hostname: "web-01",
    tokenFile: absolute("/t"),
    hostFs: { procfs: absolute("/host/proc"), sysfs: absolute("/host/sys"), rootfs: absolute("/host") },
    collectors: {
      disabled: ["memory"],
      minimumIntervalSeconds: 15,
      intervalSeconds: { cpu: 7 },
      settings: {},
    },
    bufferMaxEnvelopes: 77,
    batchMaxEnvelopes: 50,
    batchMaxSeconds: 2,
    heartbeatSeconds: 20,
  });
});

Deno.test("agentOptions has defaults and leaves out what is not set", () => {
  assert.deepEqual(agentOptions(configuration(""), collectors), {
    serverUrl: "https://s",
    dataDirectory: absolute("/d"),
    hostFs: {},
    collectors: { disabled: [], minimumIntervalSeconds: 0, intervalSeconds: {}, settings: {} },
    bufferMaxEnvelopes: 10_000,
    batchMaxEnvelopes: 100,
    batchMaxSeconds: 5,
    heartbeatSeconds: 30,
  });
});

Deno.test("agentOptions takes a Neon agent's environment", () => {
  const options = agentOptions(
    configuration("collection_interval: 20\n", {
      SERVER_NAME: "neon-1",
      MASTER_URL: "http://master:3000",
      METRICS_INTERVAL: "5m",
      HEARTBEAT_INTERVAL: "60",
      BUFFER_ENABLED: "false",
      BUFFER_MAX_SIZE: "100",
    }),
    collectors,
  );
  assert.equal(options.hostname, "neon-1");
  assert.equal(options.serverUrl, "http://master:3000");
  assert.equal(options.collectors.minimumIntervalSeconds, 300);
  assert.equal(options.heartbeatSeconds, 60);
  assert.equal(options.bufferMaxEnvelopes, 100);
});

const switches: readonly [string, string, readonly string[]][] = [
  ["collect_disk", "collect_disk: false\n", ["disk", "disk_io"]],
  ["its other name", "enable_network: no\n", ["network"]],
  ["collect_system_metrics", "collect_system_metrics: false\n", names],
  [
    "a switch and the collector itself, which counts more",
    "collect_disk: false\ncollectors: {disk: {enabled: true}}\n",
    ["disk_io"],
  ],
  ["a switch that is on and the collector off", "collect_cpu: true\ncollectors: {cpu: {enabled: false}}\n", [
    "cpu",
  ]],
];
for (const [name, yaml, disabled] of switches) {
  Deno.test(`agentOptions switches collectors off by ${name}`, () => {
    assert.deepEqual(agentOptions(configuration(yaml), collectors).collectors.disabled, disabled);
  });
}

Deno.test("agentOptions needs a server and says how to name one", () => {
  const empty = resolveConfiguration(settingTable(collectors), roles, {
    flags: new Map(),
    environment: new Map(),
  });
  assert.throws(() => agentOptions(empty, collectors), (error) => {
    assert.ok(error instanceof CommandError);
    assert.equal(error.exitCode, 78);
    assert.match(error.remedy ?? "", /--server URL/);
    return true;
  });
});

Deno.test("serverOptions keeps everything in the data directory unless told otherwise", () => {
  const found = configuration("listen: '[::1]:9000'\nallow_anonymous_agents: true\n");
  assert.deepEqual(serverOptions(found), {
    listen: { hostname: "::1", port: 9000 },
    dataDirectory: absolute("/d"),
    tokenDirectory: absolute("/d"),
    allowAnonymousAgents: true,
  });
});

Deno.test("adminTokenPath is in the data directory unless named", () => {
  assert.equal(adminTokenPath(configuration("")), join(absolute("/d"), "admin-token"));
  assert.equal(adminTokenPath(configuration("admin_token_file: /a/b\n")), absolute("/a/b"));
});
