/** Cost of one collection of each collector on this machine: `deno bench -A bench/collectors_bench.ts`. */
import type { Host } from "../collectors/collector.ts";
import { collectorDefinitions } from "../collectors/mod.ts";
import { systemClock } from "../lib/clock.ts";
import { hostFs } from "../lib/host_fs.ts";

const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };

for (const definition of collectorDefinitions) {
  const { status } = definition.detect(host);
  const collector = status === "available" ? definition.create(host) : undefined;
  Deno.bench({ name: definition.name, ignore: collector === undefined }, async () => {
    await collector?.collect();
  });
}
