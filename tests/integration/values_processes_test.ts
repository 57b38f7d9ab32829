/** This machine's processes and control groups, against what others say of them at the same moment; and what many processes cost. */
import assert from "node:assert/strict";
import * as z from "zod/mini";
import { cgroupsDefinition } from "../../collectors/cgroups/mod.ts";
import { findHierarchies } from "../../collectors/cgroups/hierarchies.ts";
import type { Collector, Host } from "../../collectors/collector.ts";
import { processesDefinition } from "../../collectors/processes/mod.ts";
import { systemClock } from "../../lib/clock.ts";
import { hostFs } from "../../lib/host_fs.ts";
import { cgroupList } from "../../protocol/metrics/cgroup.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { processList } from "../../protocol/metrics/process.ts";
import { componentTest, findExecutable } from "../support/component.ts";
import { temporaryHost } from "../support/fixture_host.ts";
import { waitFor } from "../support/wait.ts";

const host: Host = { os: Deno.build.os, fs: hostFs(), clock: systemClock };
const isLinux = Deno.build.os === "linux";
const processMeasurements = z.tuple([z.object({ type: z.literal("process_list"), data: processList })]);
const cgroupMeasurements = z.tuple([z.object({ type: z.literal("cgroup_list"), data: cgroupList })]);

// Loads the C library outside of the tests, which look for leaks.
if (isLinux) await processesDefinition.create(host).collect();

async function readProcesses(collector: Collector): Promise<MetricData<"process_list">> {
  return z.parse(processMeasurements, await collector.collect())[0].data;
}

async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

componentTest("ps", findExecutable("ps"), "processes agree with ps at the same moment", async (ps) => {
  const collector = processesDefinition.create(host, { top_cpu: 1000, top_memory: 1000, arguments: "full" });
  try {
    const data = await readProcesses(collector);
    const rows = (await run(ps, "-eo", "pid=,user:32=,nlwp=,rss=,stat=,lstart=,args=", "-ww")).trim().split(
      "\n",
    )
      .map((row) =>
        /^\s*(\d+)\s+(\S+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+\S+\s+\d+)\s+(.*)$/.exec(row)
      );
    // Programs come and go between the two readings, and ps sees itself.
    const near = (actual: number, expected: number, slack: number, what: string) =>
      assert.ok(Math.abs(actual - expected) <= slack, `${what}: ${actual} against ${expected}`);
    near(data.processes_visible ?? NaN, rows.length, 20, "processes");
    near(data.threads ?? NaN, rows.reduce((sum, row) => sum + Number(row?.[3]), 0), 100, "threads");
    const own = data.processes.find(({ pid }) => pid === Deno.pid);
    const row = rows.find((fields) => Number(fields?.[1]) === Deno.pid);
    assert.ok(own !== undefined && row);
    assert.equal(own.user, row[2]);
    assert.equal(own.command, row[7]);
    near(own.start_time ?? NaN, Date.parse(row[6] ?? "") / 1000, 2, "start");
    near(own.mem_rss ?? NaN, Number(row[4]) * 1024, 64 * 2 ** 20, "resident memory");
    assert.ok((own.open_files ?? 0) >= 3);
  } finally {
    collector.close?.();
  }
});

componentTest("sh", findExecutable("sh"), "processes show what a busy process of ours uses", async (sh) => {
  const collector = processesDefinition.create(host);
  const busy = new Deno.Command(sh, { args: ["-c", "while :; do :; done"] }).spawn();
  try {
    const spent = () => {
      const stat = Deno.readTextFileSync(`/proc/${busy.pid}/stat`).split(") ")[1]?.split(" ") ?? [];
      return Number(stat[11]) + Number(stat[12]);
    };
    await readProcesses(collector);
    const [startMs, startTicks] = [performance.now(), spent()];
    await waitFor("it spends half a second of processor time", () => spent() - startTicks >= 50);
    const data = await readProcesses(collector);
    const expected = (spent() - startTicks) * 1000 / (performance.now() - startMs);
    const found = data.processes.find(({ pid }) => pid === busy.pid);
    assert.ok(found, "it is among those that use most");
    assert.ok(
      Math.abs((found.cpu_percent ?? NaN) - expected) <= 10,
      `${found.cpu_percent} % against ${expected} %`,
    );
    assert.deepEqual([found.status, found.threads_running], ["running", 1]);
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
    collector.close?.();
  }
});

Deno.test({
  name: "cgroups agree with the files of a group at the same moment",
  ignore: !isLinux || findHierarchies(host.fs) === undefined,
  async fn() {
    const collector = cgroupsDefinition.create(host);
    const [{ data }] = z.parse(cgroupMeasurements, await collector.collect());
    collector.close?.();
    const mounts = findHierarchies(host.fs);
    const folder = mounts?.v1.memory ?? mounts?.unified;
    const [usageName, inactiveName] = mounts?.v1.memory === undefined
      ? ["memory.current", "inactive_file"]
      : ["memory.usage_in_bytes", "total_inactive_file"];
    let compared = 0;
    for (const { path, memory_bytes } of data.cgroups) {
      if (memory_bytes === undefined) continue;
      let usage: number;
      let stat: string;
      try {
        usage = Number(Deno.readTextFileSync(`${folder}${path}/${usageName}`));
        stat = Deno.readTextFileSync(`${folder}${path}/memory.stat`);
      } catch {
        continue; // The group is gone.
      }
      const inactive = Number(new RegExp(`^${inactiveName} (\\d+)$`, "m").exec(stat)?.[1]);
      const slack = Math.max(32 * 2 ** 20, usage * 0.2);
      assert.ok(
        Math.abs(memory_bytes - (usage - inactive)) <= slack,
        `${path}: ${memory_bytes} against ${usage - inactive}`,
      );
      compared++;
    }
    assert.ok(compared > 0 || data.cgroups.every(({ memory_bytes }) => memory_bytes === undefined));
  },
});

Deno.test({
  name: "processes of a host with 10,000 are read in well under a second",
  ignore: !isLinux,
  async fn() {
    using temporary = temporaryHost({
      "proc/uptime": "1000.00 1.00\n",
      "proc/meminfo": "MemTotal: 16000000 kB\n",
    });
    for (let pid = 1; pid <= 10_000; pid++) {
      const ticks = pid * 7 % 5000;
      temporary.write(
        `proc/${pid}/stat`,
        `${pid} (process ${pid % 50}) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 ${
          1 + pid % 8
        } 0 ${pid} 4096 ${pid} 0\n`,
      );
    }
    const collector = processesDefinition.create(temporary.host);
    await readProcesses(collector);
    const heapBefore = Deno.memoryUsage().heapUsed;
    const started = performance.now();
    const data = await collector.collect();
    const elapsedMs = performance.now() - started;
    const grownBytes = Deno.memoryUsage().heapUsed - heapBefore;
    collector.close?.();
    const [{ data: { processes, ...sums } }] = z.parse(processMeasurements, data);
    assert.equal(sums.processes_visible, 10_000);
    assert.equal(sums.threads, 45_000);
    assert.ok(processes.length > 25 && processes.length <= 50, `${processes.length} reported`);
    assert.ok(elapsedMs < 1000, `${elapsedMs} ms`);
    assert.ok(grownBytes < 4 * 2 ** 20, `${grownBytes} bytes`);
  },
});
