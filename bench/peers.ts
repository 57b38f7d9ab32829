/**
 * What the whole agent costs beside others on the same host in the same run: everything on, default intervals.
 *
 *     deno run -A bench/peers.ts [--seconds 600]
 *
 * Linux; of Debian's prometheus-node-exporter, netdata, zabbix-agent2 and glances it measures those that are installed.
 * node_exporter is scraped every 5 s, glances writes a file every 5 s, zabbix-agent2 waits to be asked (its floor).
 * Processor time is utime + stime with that of ended children (/proc/<pid>/stat) of a program and its descendants; memory is
 * /proc/<pid>/smaps_rollup of them at the end. Loopback only.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findExecutable } from "../tests/support/component.ts";
import { compiledPrograms, freePort, fromSource, waitUntilReady } from "../tests/support/spectra.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "600" } } });
const seconds = Number(values.seconds);
const folder = await Deno.makeTempDir({ prefix: "spectra-peers-" });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function spawn(executable: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(executable, {
    args: [...args],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

/** A process and all below it. */
function family(pid: number): number[] {
  const children = (() => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter((text) =>
        text !== ""
      );
    } catch {
      return []; // It ended.
    }
  })();
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const member of family(pid)) {
    try {
      const stat = Deno.readTextFileSync(`/proc/${member}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      for (const index of [11, 12, 13, 14]) ticks += Number(fields[index]);
    } catch {
      // It ended meanwhile; its parent has its time.
    }
  }
  return ticks / 100;
}

/** Resident and anonymous memory in MiB. */
function memory(pid: number): [rss: number, anonymous: number] {
  let [rss, anonymous] = [0, 0];
  for (const member of family(pid)) {
    try {
      const text = Deno.readTextFileSync(`/proc/${member}/smaps_rollup`);
      rss += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1]) / 1024;
      anonymous += Number(/^Anonymous:\s+(\d+)/m.exec(text)?.[1]) / 1024;
    } catch {
      // It ended meanwhile.
    }
  }
  return [rss, anonymous];
}

/** A free port that zabbix-agent2 takes: below 32768. */
function lowPort(): number {
  for (let port = 20_000; port < 32_768; port++) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch {
      // Taken: the next one.
    }
  }
  throw new Error("No port from 20000 to 32767 is free");
}

const port = freePort();
const url = `http://127.0.0.1:${port}`;
const [deno = "", ...leading] = fromSource.spectra;
const server = spawn(deno, [
  ...leading,
  "server",
  "--listen",
  `127.0.0.1:${port}`,
  "--data",
  join(folder, "server"),
]);
await waitUntilReady(url, {
  stdout: () => "",
  stderr: () => "",
  stop: () => Promise.resolve(0),
  ended: server.status.then(({ code }) => code),
});
const agentArgs = [
  "agent",
  "--server",
  url,
  "--data",
  join(folder, "agent"),
  "--token-file",
  join(folder, "server", "enrollment-token"),
];
const [agent = deno, ...agentLeading] = (compiledPrograms() ?? fromSource).agent;
const measured: [string, Deno.ChildProcess][] = [[
  "spectra-agent, everything on",
  spawn(agent, [...agentLeading, ...agentArgs]),
]];

const exporterPort = freePort();
const peers: readonly [name: string, executable: string, args: readonly string[]][] = [
  ["node_exporter, scraped every 5 s", "prometheus-node-exporter", [
    `--web.listen-address=127.0.0.1:${exporterPort}`,
  ]],
  ["netdata, defaults (1 s)", "netdata", ["-D", "-i", "127.0.0.1", "-p", String(freePort())]],
  ["zabbix-agent2, idle", "zabbix_agent2", ["-f", "-c", join(folder, "zabbix.conf")]],
  ["glances, CSV every 5 s", "glances", [
    "-q",
    "-t",
    "5",
    "--export",
    "csv",
    "--export-csv-file",
    join(folder, "glances.csv"),
  ]],
];
await Deno.writeTextFile(
  join(folder, "zabbix.conf"),
  `Server=127.0.0.1\nListenIP=127.0.0.1\nListenPort=${lowPort()}\nHostname=bench\nLogFile=${
    join(folder, "zabbix.log")
  }\nPidFile=${join(folder, "zabbix.pid")}\nControlSocket=${join(folder, "zabbix.sock")}\nPluginSocket=${
    join(folder, "zabbix-plugin.sock")
  }\n`,
);
for (const [name, program, args] of peers) {
  const path = findExecutable(program);
  if (path === undefined) console.log(`${name}: not installed`);
  else measured.push([name, spawn(path, args)]);
}

let scraping = true;
const scrapes = (async () => {
  while (scraping) {
    await fetch(`http://127.0.0.1:${exporterPort}/metrics`).then(
      (response) => response.body?.cancel(),
      () => {},
    );
    await wait(5000);
  }
})();
try {
  await wait(60_000); // start-up is not the steady state
  const before = measured.map(([, { pid }]) => cpuSeconds(pid));
  const began = performance.now();
  await wait(seconds * 1000);
  const elapsedSeconds = (performance.now() - began) / 1000;
  console.log(`${(elapsedSeconds / 60).toFixed(1)} min`.padEnd(36) + "% of a core   RSS MiB   anonymous MiB");
  measured.forEach(([name, { pid }], index) => {
    const percent = 100 * (cpuSeconds(pid) - (before[index] ?? 0)) / elapsedSeconds;
    const [rss, anonymous] = memory(pid);
    if (rss === 0) {
      console.log(`${name}: ended by itself, not measured`);
      return;
    }
    console.log(
      name.padEnd(36) +
        `${percent.toFixed(3).padStart(11)}${rss.toFixed(1).padStart(10)}${
          anonymous.toFixed(1).padStart(16)
        }`,
    );
  });
} finally {
  scraping = false;
  await scrapes;
  for (const [, child] of [...measured, ["", server] as const]) {
    for (const pid of family(child.pid)) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It ended with its parent.
      }
    }
    await child.status;
  }
  await Deno.remove(folder, { recursive: true });
}
