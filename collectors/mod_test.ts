import assert from "node:assert/strict";
import { fixtureHost } from "../tests/support/fixture_host.ts";
import { collectorDefinitions } from "./mod.ts";

Deno.test("collectorDefinitions gives each name and each type to one collector", () => {
  const names = collectorDefinitions.map(({ name }) => name);
  const types = collectorDefinitions.flatMap((definition) => definition.types);
  assert.deepEqual([...new Set(names)], names);
  assert.deepEqual([...new Set(types)], types);
});

/** Settings without which a collector has nothing to do. */
const settings: Readonly<Record<string, Record<string, unknown>>> = {
  checks: { targets: [{ name: "ssh", kind: "tcp", host: "localhost", port: 22 }] },
  custom: { textfile_directory: "/var/lib/metrics" },
};

for (const definition of collectorDefinitions) {
  Deno.test(`${definition.name} is available on Linux or says why not, and that it is not elsewhere`, () => {
    const host = fixtureHost("debian_64_cores");
    const availability = definition.detect(host, settings[definition.name]);
    if (availability.status !== "available") assert.match(availability.reason, /\w+ \w+/);
    assert.deepEqual(definition.detect({ ...host, os: "windows" }), {
      status: "unsupported",
      reason: "Linux only for now; this host runs windows",
    });
  });
}
