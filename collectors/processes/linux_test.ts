import assert from "node:assert/strict";
import * as z from "zod/mini";
import { denoDirectory, openDirectory } from "../../ffi/directory.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { processList } from "../../protocol/metrics/process.ts";
import { fakeClock } from "../../tests/support/fake_clock.ts";
import { fixtureHost, type TemporaryHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Collector, Host } from "../collector.ts";
import { linuxProcesses, type ProcessesSettings } from "./linux.ts";
import { processesDefinition } from "./mod.ts";

processesDefinition.create(fixtureHost("debian_64_cores")).collect(); // Loads the C library outside of the tests.

const envelope = z.tuple([z.object({ type: z.literal("process_list"), data: processList })]);
const defaults: ProcessesSettings = {
  top_cpu: 25,
  top_memory: 25,
  min_cpu_percent: 0,
  min_memory_percent: 0,
  arguments: "redacted",
};

function read(collector: Collector): MetricData<"process_list"> {
  return z.parse(envelope, collector.collect())[0].data;
}

function readOnce(host: Host, settings: Partial<ProcessesSettings> = {}): MetricData<"process_list"> {
  const collector = linuxProcesses(host, { ...defaults, ...settings });
  try {
    return read(collector);
  } finally {
    collector.close?.();
  }
}

interface Process {
  readonly name?: string;
  readonly state?: string;
  readonly flags?: number;
  readonly cpuTicks?: number;
  readonly threads?: number;
  readonly startTicks?: number;
  readonly pages?: number;
}

function statOf(pid: number, process: Process): string {
  const { name = "x", state = "S", flags = 0, cpuTicks = 0, threads = 1, startTicks = 100, pages = 10 } =
    process;
  return `${pid} (${name}) ${state} 1 1 1 0 -1 ${flags} 0 0 0 0 ${cpuTicks} 0 0 0 20 0 ${threads} 0 ${startTicks} 4096 ${pages} 0\n`;
}

/** 4 KiB pages, 1 GiB of memory, booted at 1,700,000,000. */
function machine(clock = fakeClock()): TemporaryHost {
  const temporary = temporaryHost({
    "proc/uptime": "1000.00 1.00\n",
    "proc/meminfo": "MemTotal: 1048576 kB\n",
    "proc/stat": "cpu 1 2 3 4\nbtime 1700000000\n",
    "root/etc/passwd": "www:x:33:33::/:/bin/sh\n",
  }, clock);
  const auxv = new Uint8Array(32);
  auxv.set([6], 0);
  auxv.set([0, 16], 8);
  temporary.write("proc/self/auxv", auxv);
  return temporary;
}

for (const [name, open] of [["the C library", openDirectory], ["Deno's calls", denoDirectory]] as const) {
  Deno.test(`linuxProcesses reads a process with ${name}`, () => {
    using temporary = machine();
    const id = "0123456789abcdef".repeat(4);
    temporary.write(
      "proc/42/stat",
      statOf(42, { name: "my app)", cpuTicks: 250, startTicks: 500, pages: 2560 }),
    );
    temporary.write("proc/42/status", "Name:\tmy app\nUid:\t0\t33\t33\t33\n");
    temporary.write("proc/42/cmdline", "my app\0--password\0hunter2\0-v\0");
    temporary.write("proc/42/cgroup", `0::/system.slice/docker-${id}.scope\n`);
    temporary.write(
      "proc/42/io",
      "rchar: 9\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n",
    );
    for (const descriptor of [0, 1, 2]) temporary.write(`proc/42/fd/${descriptor}`, "");
    const collector = linuxProcesses(temporary.host, defaults, open);
    assert.deepEqual(read(collector), {
      processes: [{
        pid: 42,
        name: "my app)",
        status: "waiting",
        threads_total: 1,
        threads_running: 0,
        threads_waiting: 1,
        cpu_seconds: 2.5,
        mem_rss: 2560 * 4096,
        mem_percent: 0.98,
        user: "www",
        command: "my app --password *** -v",
        start_time: 1_700_000_005,
        read_bytes: 4096,
        write_bytes: 8192,
        open_files: 3,
        cgroup: `/system.slice/docker-${id}.scope`,
        unit: `docker-${id}.scope`,
        container_id: id,
      }],
      processes_total: 1,
      processes_visible: 1,
      processes_running: 0,
      processes_sleeping: 1,
      processes_disk_sleep: 0,
      processes_stopped: 0,
      processes_zombie: 0,
      processes_idle: 0,
      processes_other: 0,
      threads: 1,
    });
    collector.close?.();
  });
}

Deno.test("linuxProcesses shows arguments as it is set to", () => {
  using temporary = machine();
  temporary.write("proc/42/stat", statOf(42, {}));
  temporary.write("proc/42/cmdline", "app\0--token\0hunter2\0");
  const command = (shown: ProcessesSettings["arguments"]) =>
    readOnce(temporary.host, { arguments: shown }).processes[0]?.command;
  assert.equal(command("full"), "app --token hunter2");
  assert.equal(command("redacted"), "app --token ***");
  assert.equal(command("none"), undefined);
});

Deno.test("linuxProcesses knows processor shares from the second reading, of a process that is new since the first at once", async () => {
  const clock = fakeClock();
  using temporary = machine(clock);
  temporary.write("proc/1/stat", statOf(1, { cpuTicks: 1000 }));
  temporary.write("proc/2/stat", statOf(2, { cpuTicks: 77, startTicks: 200 }));
  const collector = linuxProcesses(temporary.host, defaults);
  assert.deepEqual(read(collector).processes.map(({ cpu_percent }) => cpu_percent), [undefined, undefined]);

  await clock.advance(10_000);
  temporary.write("proc/uptime", "1010.00 1.00\n");
  temporary.write("proc/1/stat", statOf(1, { cpuTicks: 1500 }));
  // The number was used again: the process of before has nothing to do with this one.
  temporary.write("proc/2/stat", statOf(2, { cpuTicks: 2000, startTicks: 100_500 }));
  // Seen for the first time though it is old (a user's rights changed): its time so far says nothing of the last 10 s.
  temporary.write("proc/3/stat", statOf(3, { cpuTicks: 5000, startTicks: 300 }));
  const second = read(collector).processes.map(({ pid, cpu_percent }) => [pid, cpu_percent]);
  assert.deepEqual(second, [[2, 200], [1, 50], [3, undefined]]);
  collector.close?.();
});

Deno.test("linuxProcesses chooses by processor and by memory, each process once, within thresholds", async () => {
  const clock = fakeClock();
  using temporary = machine(clock);
  const pages = (percent: number) => percent * 262_144 / 100;
  const write = (spent: number) => {
    temporary.write("proc/1/stat", statOf(1, { cpuTicks: 10 + spent, pages: pages(50) }));
    temporary.write("proc/2/stat", statOf(2, { cpuTicks: 5 * spent, pages: pages(1) }));
    temporary.write("proc/3/stat", statOf(3, { pages: pages(20) }));
    temporary.write("proc/4/stat", statOf(4, { pages: pages(5) }));
  };
  const chosen = async (settings: Partial<ProcessesSettings>) => {
    write(0);
    const collector = linuxProcesses(temporary.host, { ...defaults, ...settings });
    read(collector);
    await clock.advance(1000);
    write(10);
    const pids = read(collector).processes.map(({ pid }) => pid);
    collector.close?.();
    return pids;
  };
  assert.deepEqual(await chosen({ top_cpu: 1, top_memory: 1 }), [2, 1]);
  assert.deepEqual(await chosen({ top_cpu: 2, top_memory: 2 }), [2, 1, 3]);
  assert.deepEqual(await chosen({ min_cpu_percent: 20, min_memory_percent: 10 }), [2, 1, 3]);
  assert.deepEqual(await chosen({ top_cpu: 0, top_memory: 0 }), []);
});

Deno.test("linuxProcesses follows a changed name and takes other facts for some minutes", async () => {
  const clock = fakeClock();
  using temporary = machine(clock);
  temporary.write("proc/9/stat", statOf(9, { name: "sh" }));
  temporary.write("proc/9/cmdline", "sh\0");
  const collector = linuxProcesses(temporary.host, defaults);
  const command = async () => {
    await clock.advance(15_000);
    const [process] = read(collector).processes;
    return [process?.name, process?.command];
  };
  assert.deepEqual(await command(), ["sh", "sh"]);
  temporary.write("proc/9/stat", statOf(9, { name: "java" }));
  temporary.write("proc/9/cmdline", "java\0-jar\0");
  assert.deepEqual(await command(), ["java", "java -jar"]);
  temporary.write("proc/9/cmdline", "java: title\0");
  assert.deepEqual(await command(), ["java", "java -jar"]);
  await clock.advance(300_000);
  assert.deepEqual(await command(), ["java", "java: title"]);
  collector.close?.();
});

Deno.test("linuxProcesses counts states and threads, and passes over what vanishes, is empty or is no process", () => {
  using temporary = machine();
  temporary.write("proc/1/stat", statOf(1, { state: "R", threads: 4 }));
  temporary.write("proc/2/stat", statOf(2, { state: "D", flags: 0x20_0000, pages: 0, name: "kworker/0:1" }));
  temporary.write("proc/3/stat", statOf(3, { state: "Z", pages: 0, name: "defunct\n) R 1" }));
  temporary.write("proc/4/stat", "");
  temporary.write("proc/5/comm", "gone");
  temporary.write("proc/6/stat", "6 (cut) S 1 1");
  temporary.write("proc/12x/stat", statOf(12, {}));
  temporary.write("proc/12345678901/stat", statOf(12, {}));
  const data = readOnce(temporary.host);
  assert.deepEqual(
    [
      data.processes_visible,
      data.processes_running,
      data.processes_disk_sleep,
      data.processes_zombie,
      data.threads,
    ],
    [3, 1, 1, 1, 6],
  );
  assert.deepEqual(data.processes.map(({ status }) => status).sort(), ["other", "running", "waiting"]);
  const several = data.processes.find(({ pid }) => pid === 1);
  assert.ok(several !== undefined && !("threads_running" in several));
});

/** Opens folders in which every file of process 2 answers with an error number. */
function answering(error: number): typeof openDirectory {
  return (path) => {
    const directory = denoDirectory(path);
    if (typeof directory === "number") return directory;
    const isSecond = (name: Uint8Array) => name[0] === "2".charCodeAt(0) && name[1] === "/".charCodeAt(0);
    return {
      ...directory,
      read: (name, mayBeCut) => isSecond(name) ? error : directory.read(name, mayBeCut),
    };
  };
}

Deno.test("linuxProcesses counts processes that it may not see, and not those that ended", () => {
  using temporary = machine();
  temporary.write("proc/1/stat", statOf(1, {}));
  temporary.write("proc/2/stat", statOf(2, {}));
  const refused = linuxProcesses(temporary.host, defaults, answering(-13));
  const { processes_visible, processes_total } = read(refused);
  assert.deepEqual([processes_visible, processes_total], [1, 2]);
  refused.close?.();
  temporary.remove("proc/2");
  temporary.write("proc/2", "");
  const ended = linuxProcesses(temporary.host, defaults, answering(-3));
  const later = read(ended);
  assert.deepEqual([later.processes_visible, later.processes_total], [1, 1]);
  ended.close?.();
});

Deno.test("linuxProcesses fails rather than gives too few where no more files can be opened", () => {
  using temporary = machine();
  temporary.write("proc/2/stat", statOf(2, {}));
  const collector = linuxProcesses(temporary.host, defaults, answering(-24));
  assert.throws(() => collector.collect(), /Cannot read .*2\/stat: too many open files/);
  collector.close?.();
});

Deno.test("linuxProcesses fails with a plain sentence where there is no /proc", () => {
  using temporary = temporaryHost();
  assert.throws(() => readOnce(temporary.host), /Cannot open .*proc\/\.: errno 2/);
});

Deno.test("processes has settings with defaults, and refuses wrong ones", () => {
  assert.deepEqual(z.parse(processesDefinition.settings ?? z.object({}), {}), defaults);
  const host = fixtureHost("debian_64_cores");
  assert.throws(() => processesDefinition.create(host, { top_cpu: -1 }));
  assert.throws(() => processesDefinition.create(host, { arguments: "some" }));
});
