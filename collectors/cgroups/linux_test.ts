import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { cgroupList } from "../../protocol/metrics/cgroup.ts";
import { fixtureHost, temporaryHost } from "../../tests/support/fixture_host.ts";
import type { Host } from "../collector.ts";
import { findHierarchies } from "./hierarchies.ts";
import { cgroupsDefinition } from "./mod.ts";
import { cgroupReader } from "./read.ts";

cgroupsDefinition.create(fixtureHost("debian_64_cores")).collect(); // Loads the C library outside of the tests, which look for leaks.

const envelope = z.tuple([z.object({ type: z.literal("cgroup_list"), data: cgroupList })]);

function read(host: Host, settings: Record<string, unknown> = {}): MetricData<"cgroup_list"> {
  const collector = cgroupsDefinition.create(host, settings);
  try {
    return z.parse(envelope, collector.collect())[0].data;
  } finally {
    collector.close?.();
  }
}

const containerId = "7d3c9f1be2a54c6d8e0f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f";
const pressureOf = (some: number) => `some avg10=0.00 avg60=0.00 avg300=0.00 total=${some}\n`;

Deno.test("cgroups reads a service of the unified hierarchy, its limits included", () => {
  const data = read(fixtureHost("debian_64_cores"));
  assert.equal(data.version, "v2");
  assert.deepEqual(data.cgroups.find(({ unit }) => unit === "nginx.service"), {
    path: "/system.slice/nginx.service",
    kind: "service",
    unit: "nginx.service",
    cpu_usage_seconds: 812.345678,
    cpu_user_seconds: 512.345678,
    cpu_system_seconds: 300,
    cpu_periods: 2400,
    cpu_throttled_periods: 37,
    cpu_throttled_seconds: 1.25,
    cpu_limit_cores: 1.5,
    memory_bytes: 268_435_456 - 201_326_592,
    memory_limit: 536_870_912,
    swap_bytes: 4096,
    oom_kills: 1,
    // The loop device is left out: its traffic is the disk's as well.
    read_bytes: 1_048_576 + 524_288,
    write_bytes: 2_097_152,
    read_ops: 64 + 32,
    write_ops: 128,
    tasks: 65,
    tasks_limit: 4915,
    pressure_cpu_some_seconds: 0.25,
    pressure_cpu_full_seconds: 0.125,
    pressure_memory_some_seconds: 0,
    pressure_memory_full_seconds: 0,
    pressure_io_some_seconds: 3,
    pressure_io_full_seconds: 2,
  });
});

Deno.test("cgroups gives the least limit of a group and those above it, and does not look into containers", () => {
  const { cgroups } = read(fixtureHost("debian_64_cores"));
  const container = cgroups.find(({ kind }) => kind === "container");
  assert.equal(container?.container_id, containerId);
  assert.equal(container?.runtime, "containerd");
  assert.deepEqual(
    [container?.cpu_limit_cores, container?.memory_limit, container?.tasks_limit],
    [8, 4_294_967_296, 1024],
  );
  assert.ok(!cgroups.some(({ path }) => path.includes(`${containerId}.scope/`)));
});

Deno.test("cgroups leaves out what a controller that is off would tell", () => {
  const { cgroups } = read(fixtureHost("debian_64_cores"));
  assert.deepEqual(cgroups.find(({ path }) => path === "/user.slice"), {
    path: "/user.slice",
    kind: "slice",
    unit: "user.slice",
    cpu_usage_seconds: 42,
    cpu_user_seconds: 40,
    cpu_system_seconds: 2,
  });
});

Deno.test("cgroups goes as deep, and reads as many, as it is set to, and says when there were more", () => {
  const host = fixtureHost("debian_64_cores");
  assert.deepEqual(read(host, { depth: 1 }).cgroups.map(({ path }) => path), [
    "/kubepods.slice",
    "/system.slice",
    "/user.slice",
  ]);
  const few = read(host, { max_groups: 2 });
  assert.deepEqual([few.cgroups.length, few.truncated], [2, true]);
});

const v1Mounts = [
  "30 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw",
  "31 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
  "32 30 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
  "33 30 0:31 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio",
  "34 30 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
  "35 30 0:33 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
  "",
].join("\n");
const noLimit = "9223372036854771712\n";

function v1Files(id: string): Record<string, string> {
  const group = (controller: string, path: string) => `sys/fs/cgroup/${controller}/docker${path}`;
  return {
    "proc/1/mountinfo": v1Mounts,
    [group("cpu,cpuacct", "/cpu.stat")]: "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
    [group("cpu,cpuacct", `/${id}/cpu.stat`)]: "nr_periods 100\nnr_throttled 7\nthrottled_time 2500000000\n",
    [group("cpu,cpuacct", `/${id}/cpu.cfs_quota_us`)]: "50000\n",
    [group("cpu,cpuacct", `/${id}/cpu.cfs_period_us`)]: "100000\n",
    [group("cpu,cpuacct", `/${id}/cpuacct.usage`)]: "12500000000\n",
    [group("cpu,cpuacct", `/${id}/cpuacct.stat`)]: "user 1000\nsystem 250\n",
    [group("memory", "/memory.limit_in_bytes")]: "1073741824\n",
    [group("memory", `/${id}/memory.limit_in_bytes`)]: noLimit,
    [group("memory", `/${id}/memory.usage_in_bytes`)]: "73400320\n",
    [group("memory", `/${id}/memory.stat`)]:
      "cache 5\ninactive_file 1\ntotal_swap 8192\ntotal_inactive_file 20971520\n",
    [group("memory", `/${id}/memory.oom_control`)]: "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    [group("blkio", `/${id}/blkio.throttle.io_service_bytes_recursive`)]:
      "8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 12288\n8:0 Total 12288\n7:1 Read 5\nTotal 12293\n",
    [group("blkio", `/${id}/blkio.throttle.io_serviced_recursive`)]: "8:0 Read 1\n8:0 Write 2\nTotal 3\n",
    [group("pids", `/${id}/pids.current`)]: "9\n",
    [group("pids", `/${id}/pids.max`)]: "max\n",
  };
}

Deno.test("cgroups reads version 1, each controller from its own hierarchy", () => {
  using temporary = temporaryHost(v1Files(containerId));
  const data = read(temporary.host);
  assert.equal(data.version, "v1");
  assert.deepEqual(data.cgroups.map(({ path }) => path), ["/docker", `/docker/${containerId}`]);
  assert.deepEqual(data.cgroups[1], {
    path: `/docker/${containerId}`,
    kind: "container",
    container_id: containerId,
    runtime: "docker",
    cpu_usage_seconds: 12.5,
    cpu_user_seconds: 10,
    cpu_system_seconds: 2.5,
    cpu_periods: 100,
    cpu_throttled_periods: 7,
    cpu_throttled_seconds: 2.5,
    cpu_limit_cores: 0.5,
    memory_bytes: 50 * 2 ** 20,
    memory_limit: 2 ** 30,
    swap_bytes: 8192,
    oom_kills: 3,
    read_bytes: 4096,
    write_bytes: 8192,
    read_ops: 1,
    write_ops: 2,
    tasks: 9,
  });
});

Deno.test("cgroups takes processor time and pressure from the unified hierarchy of a hybrid system, where version 1 has no group", () => {
  using temporary = temporaryHost({
    "proc/1/mountinfo": v1Mounts + "36 30 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
    "sys/fs/cgroup/memory/system.slice/memory.usage_in_bytes": "4096\n",
    "sys/fs/cgroup/unified/system.slice/cpu.stat":
      "usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\n",
    "sys/fs/cgroup/unified/system.slice/cpu.pressure": pressureOf(1_500_000),
  });
  assert.deepEqual(read(temporary.host), {
    version: "hybrid",
    truncated: false,
    cgroups: [{
      path: "/system.slice",
      kind: "slice",
      unit: "system.slice",
      memory_bytes: 4096,
      cpu_usage_seconds: 3,
      cpu_user_seconds: 2,
      cpu_system_seconds: 1,
      pressure_cpu_some_seconds: 1.5,
    }],
  });
});

const unifiedOnly = "33 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

Deno.test({
  name: "cgroups leaves devices made of others out of I/O",
  ignore: Deno.build.os === "windows", // Its file names have no colon.
  fn() {
    using temporary = temporaryHost({
      "proc/1/mountinfo": unifiedOnly,
      "sys/fs/cgroup/a/io.stat":
        "8:0 rbytes=100 wbytes=0 rios=1 wios=0\n253:0 rbytes=100 wbytes=0 rios=1 wios=0\n",
      "sys/dev/block/253:0/slaves/sda": "",
      "sys/dev/block/8:0/size": "1",
    });
    const [group] = read(temporary.host).cgroups;
    assert.deepEqual([group?.read_bytes, group?.read_ops], [100, 1]);
  },
});

Deno.test("cgroupReader reads the one group that it is asked for, and gives nothing for one that is gone", () => {
  const host = fixtureHost("debian_64_cores");
  const hierarchies = findHierarchies(host.fs);
  assert.ok(hierarchies);
  const reader = cgroupReader(hierarchies, host.fs);
  const group = reader.read(`/kubepods.slice/cri-containerd-${containerId}.scope`);
  assert.deepEqual([group?.memory_bytes, group?.memory_limit], [2 ** 30, 2 ** 32]);
  assert.equal(reader.read("/system.slice/gone.service"), undefined);
  assert.equal(reader.read("/system.slice/\0"), undefined);
});

Deno.test("cgroups names the file that is malformed", () => {
  using temporary = temporaryHost({
    "proc/1/mountinfo": unifiedOnly,
    "sys/fs/cgroup/a/cpu.pressure": "garbage\n",
  });
  assert.throws(
    () => read(temporary.host),
    /Cannot parse cpu.pressure of a control group: it has no "total="/,
  );
});

Deno.test("cgroups takes garbage for absent", () => {
  using temporary = temporaryHost({
    "proc/1/mountinfo": unifiedOnly,
    "sys/fs/cgroup/a/cpu.stat": "usage_usec\nuser_usec x\n",
    "sys/fs/cgroup/a/cpu.max": "",
    "sys/fs/cgroup/a/memory.current": "many\n",
    "sys/fs/cgroup/a/io.stat": "8:0 rbytes= wios\nnothing",
    "sys/fs/cgroup/a/pids.max": "-1\n",
  });
  assert.deepEqual(read(temporary.host).cgroups, [
    { path: "/a", kind: "group", read_bytes: 0, write_bytes: 0, read_ops: 0, write_ops: 0 },
  ]);
});

Deno.test("cgroups is unsupported where no control groups are mounted", () => {
  using temporary = temporaryHost({ "proc/1/mountinfo": "29 1 259:2 / / rw - ext4 /dev/sda1 rw\n" });
  assert.equal(cgroupsDefinition.detect(temporary.host).status, "unsupported");
});
