/**
 * What the agent costs: processor time and memory at default intervals, from source and compiled, and beside them an
 * empty program of the same runtime, the floor.
 *
 *     deno run -A bench/agent_cost.ts [--seconds 600]
 *
 * Linux. A server of its own on loopback takes what the agents send; nobody watches. Processor time is utime + stime of
 * /proc/<pid>/stat (10 ms ticks), memory is /proc/<pid>/smaps_rollup at the end.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compiledPrograms, freePort, fromSource, waitUntilReady } from "../tests/support/spectra.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "600" } } });
const seconds = Number(values.seconds);
const folder = await Deno.makeTempDir({ prefix: "spectra-bench-" });
const port = freePort();
const url = `http://127.0.0.1:${port}`;

function spawn(command: readonly string[], args: readonly string[] = []): Deno.ChildProcess {
  const [executable = "", ...leading] = command;
  return new Deno.Command(executable, {
    args: [...leading, ...args],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** Processor time in seconds. */
function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Memory in MiB. */
function memory(pid: number): { rss: number; pss: number; anonymous: number } {
  const read = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(
      Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`),
    );
    return Number(match?.[1]) / 1024;
  };
  return { rss: read("Rss"), pss: read("Pss"), anonymous: read("Anonymous") };
}

const serverProcess = spawn(fromSource.spectra, [
  "server",
  "--listen",
  `127.0.0.1:${port}`,
  "--data",
  join(folder, "server"),
]);
const children = [serverProcess];
try {
  await waitUntilReady(url, {
    stdout: () => "",
    stderr: () => "",
    stop: () => Promise.resolve(0),
    ended: serverProcess.status.then((status) => status.code),
  });
  const idle = join(folder, "idle.ts");
  await Deno.writeTextFile(idle, "setInterval(() => {}, 5000);\n");
  const agentArgs = (name: string) => [
    "agent",
    ...["--server", url, "--data", join(folder, name), "--hostname", name],
    ...["--token-file", join(folder, "server", "enrollment-token")],
  ];
  const compiled = compiledPrograms();
  const measured: [string, Deno.ChildProcess][] = [
    ["empty program (deno run)", spawn([Deno.execPath(), "run", "-A", idle])],
    ["agent from source", spawn(fromSource.agent, agentArgs("source"))],
  ];
  if (compiled !== undefined) {
    measured.push(["spectra-agent", spawn(compiled.agent, agentArgs("compiled"))]);
    measured.push(["spectra agent", spawn(compiled.spectra, agentArgs("full"))]);
  }
  children.push(...measured.map(([, child]) => child));

  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(Math.min(60_000, seconds * 100)); // start-up is not the steady state
  const began = performance.now();
  const before = new Map(children.map((child) => [child.pid, cpuSeconds(child.pid)]));
  await wait(seconds * 1000);
  const minutes = (performance.now() - began) / 60_000;

  console.log(`${minutes.toFixed(1)} min   CPU ms/min   % of a core   RSS MiB   PSS MiB   anonymous MiB`);
  for (const [name, { pid }] of [...measured, ["server (from source)", serverProcess] as const]) {
    const cpu = cpuSeconds(pid) - (before.get(pid) ?? 0);
    const { rss, pss, anonymous } = memory(pid);
    const figures = [
      (cpu * 1000 / minutes).toFixed(0),
      (cpu / minutes / 0.6).toFixed(3),
      ...[rss, pss, anonymous].map((value) => value.toFixed(1)),
    ];
    console.log(`${name.padEnd(26)} ${figures.map((figure) => figure.padStart(10)).join("")}`);
  }
} finally {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.status));
  await Deno.remove(folder, { recursive: true });
}
