/**
 * Processor time of one reading: each collector of ours, and all of them as `/metrics`, next to one scrape of
 * prometheus-node-exporter on the same host in the same run.
 *
 *     deno run -A bench/node_exporter.ts
 *
 * Linux. The exporter listens on loopback, once with its defaults and once with only what our collectors read as well. Our time
 * is getrusage(2) of this process, the exporter's /proc/<pid>/stat (10 ms ticks), both over many readings; what a collector leaves to
 * child processes is not in it. A collector is read for at most two seconds.
 */
import { cpuUsage } from "node:process";
import { renderReadings } from "../agent/exposition/exposition.ts";
import { type Reading, sharedReading } from "../agent/shared_reading.ts";
import type { Host } from "../collectors/collector.ts";
import { collectorDefinitions } from "../collectors/mod.ts";
import { systemClock } from "../lib/clock.ts";
import { hostFs } from "../lib/host_fs.ts";
import { findExecutable } from "../tests/support/component.ts";
import { freePort } from "../tests/support/spectra.ts";
import { waitFor } from "../tests/support/wait.ts";

const mostReadings = 300;
const mostMs = 2_000;
const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };

/** What of node_exporter reads the files that we read. */
const sameCollectors = [
  ...[
    "cpu",
    "cpufreq",
    "diskstats",
    "filefd",
    "filesystem",
    "loadavg",
    "meminfo",
    "netclass",
    "netdev",
    "netstat",
  ],
  ...["os", "pressure", "sockstat", "stat", "uname", "vmstat"],
];

/** Runs `work` until it has been done often enough; the mean processor time in µs of `cpuUs`, and how often. */
async function measure(work: () => unknown, cpuUs: () => number): Promise<{ us: number; times: number }> {
  for (let warmUp = 0; warmUp < 20; warmUp++) await work();
  const endMs = performance.now() + mostMs;
  const before = cpuUs();
  let times = 0;
  while (times < mostReadings && (times === 0 || performance.now() < endMs)) {
    await work();
    times++;
  }
  return { us: (cpuUs() - before) / times, times };
}

function ownCpuUs(): number {
  const { user, system } = cpuUsage();
  return user + system;
}

function print(name: string, { us, times }: { us: number; times: number }, note = ""): void {
  console.log(`${name.padEnd(34)} ${us.toFixed(0).padStart(8)} µs   (${times} readings)${note}`);
}

async function measureOurs(): Promise<void> {
  let sumUs = 0;
  const readings: Reading[] = [];
  for (const definition of collectorDefinitions) {
    if (definition.detect(host).status !== "available") continue;
    const collector = definition.create(host);
    const cost = await measure(() => collector.collect(), ownCpuUs);
    collector.close?.();
    sumUs += cost.us;
    print(definition.name, cost);
    const reading = sharedReading(definition, host, Infinity);
    readings.push(await reading.read());
    reading.close();
  }
  const rendered = { hostname: "bench", epochMs: Date.now() };
  const cost = await measure(() => renderReadings(readings, rendered, "prometheus"), ownCpuUs);
  const text = renderReadings(readings, rendered, "prometheus");
  print("writing /metrics from the readings", cost, ` ${text.length} bytes`);
  print("all of it, once each", { us: sumUs + cost.us, times: 1 });
}

async function measureExporter(executable: string, name: string, args: readonly string[]): Promise<void> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}/metrics`;
  const process = new Deno.Command(executable, {
    args: [`--web.listen-address=127.0.0.1:${port}`, ...args],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await waitFor(`${url} answers`, () => fetch(url).then((response) => response.text(), () => undefined));
    let bytes = 0;
    const scrape = async () => bytes = (await (await fetch(url)).text()).length;
    const cost = await measure(scrape, () => {
      const stat = Deno.readTextFileSync(`/proc/${process.pid}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) * 10_000; // utime, stime: proc_pid_stat(5)
    });
    print(name, cost, ` ${bytes} bytes`);
  } finally {
    process.kill("SIGTERM");
    await process.status;
  }
}

await measureOurs();
const exporter = findExecutable("prometheus-node-exporter", "node_exporter");
if (exporter === undefined) {
  console.log("prometheus-node-exporter is not installed: nothing to compare with");
} else {
  await measureExporter(exporter, "node_exporter, its defaults", []);
  await measureExporter(exporter, "node_exporter, what we read as well", [
    "--collector.disable-defaults",
    ...sameCollectors.map((name) => `--collector.${name}`),
  ]);
}
