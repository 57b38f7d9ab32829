/** What we and node_exporter both know has the same names, labels and values. */
import assert from "node:assert/strict";
import { renderReadings } from "../../agent/exposition/exposition.ts";
import { sharedReading } from "../../agent/shared_reading.ts";
import type { Host } from "../../collectors/collector.ts";
import { cpuDefinition } from "../../collectors/cpu/mod.ts";
import { diskDefinition } from "../../collectors/disk/mod.ts";
import { diskIoDefinition } from "../../collectors/disk_io/mod.ts";
import { memoryDefinition } from "../../collectors/memory/mod.ts";
import { networkDefinition } from "../../collectors/network/mod.ts";
import { socketsDefinition } from "../../collectors/sockets/mod.ts";
import { systemDefinition } from "../../collectors/system/mod.ts";
import { statvfs } from "../../ffi/libc.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { componentTest, findExecutable } from "../support/component.ts";
import { freePort } from "../support/spectra.ts";
import { waitFor } from "../support/wait.ts";

if (Deno.build.os === "linux") await statvfs("/"); // Loads the C library outside of the test, which looks for leaks.

const definitions = [
  cpuDefinition,
  diskDefinition,
  diskIoDefinition,
  memoryDefinition,
  networkDefinition,
  socketsDefinition,
  systemDefinition,
];

/** Processor modes are sums of ours; facts of `_info` and of a scrape are each program's own. */
const different = /^node_(cpu_\w+|\w+_info|time_seconds|scrape_\w+)$/;

/** What does not change between two readings. */
const constant =
  /^node_(boot_time_seconds|memory_(MemTotal|SwapTotal|Hugepagesize)\w*|\w+_mtu_bytes|filesystem_(size_bytes|files))$/;

/** Value by metric name, then by the text of its labels. */
function parse(text: string): Map<string, Map<string, number>> {
  const metrics = new Map<string, Map<string, number>>();
  for (const line of text.split("\n")) {
    const match = /^(node_\w+)(\{.*\})? (\S+)$/.exec(line);
    const [, name, labels = "", value] = match ?? [];
    if (name === undefined) continue;
    const series = metrics.get(name) ?? new Map<string, number>();
    metrics.set(name, series.set(labels, Number(value)));
  }
  return metrics;
}

const labelNames = (labels: Iterable<string>) =>
  [...new Set([...labels].map((text) => [...text.matchAll(/(\w+)="/g)].map(([, name]) => name).join()))]
    .sort();

async function ours(): Promise<string> {
  const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };
  const readings = await Promise.all(definitions.map(async (definition) => {
    const reading = sharedReading(definition, host, 0);
    const read = await reading.read();
    reading.close();
    return read;
  }));
  return renderReadings(readings, { hostname: "here", epochMs: Date.now() }, "prometheus");
}

componentTest(
  "node_exporter",
  findExecutable("prometheus-node-exporter", "node_exporter"),
  "renderReadings agrees with node_exporter in names, labels and what does not change",
  async (executable) => {
    const port = freePort();
    const process = new Deno.Command(executable, {
      args: [`--web.listen-address=127.0.0.1:${port}`, "--collector.processes", "--collector.tcpstat"],
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const scrape = () =>
        fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text(), () => undefined);
      const theirs = parse(await waitFor("node_exporter answers", scrape));
      let compared = 0;
      for (const [name, series] of parse(await ours())) {
        const reference = theirs.get(name);
        if (reference === undefined || different.test(name)) continue;
        compared++;
        assert.deepEqual(labelNames(series.keys()), labelNames(reference.keys()), name);
        if (!constant.test(name)) continue;
        for (const [labels, value] of series) {
          const expected = reference.get(labels);
          if (expected !== undefined) assert.equal(value, expected, `${name}${labels}`);
        }
      }
      assert.ok(compared >= 50, `only ${compared} names are known to both`);
    } finally {
      process.kill("SIGTERM");
      await process.status;
    }
  },
);
