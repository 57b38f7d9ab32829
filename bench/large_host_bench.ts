/**
 * Cost of one collection on a host with 64 processors, 1,000 processes, 100 interfaces, 100 disks and 100 mounts, made of
 * files, each next to the bare reading of its main files in the same run: `deno bench -A bench/large_host_bench.ts`.
 */
import { collectorDefinitions } from "../collectors/mod.ts";
import { systemClock } from "../lib/clock.ts";
import { fixtureHost, temporaryHost } from "../tests/support/fixture_host.ts";

const counts = { processes: 1000, interfaces: 100, disks: 100, mounts: 100 } as const;

const temporary = temporaryHost({}, systemClock);
const { host, write } = temporary;
addEventListener("unload", () => temporary[Symbol.dispose]());
const server = fixtureHost("debian_64_cores").fs;
const machine = fixtureHost("firecracker_vm").fs;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

for (const name of ["stat", "loadavg", "meminfo", "vmstat", "uptime", "cpuinfo", "sys/fs/file-nr"]) {
  write(`proc/${name}`, Deno.readTextFileSync(server.proc(name)));
}
for (const name of ["snmp", "netstat", "sockstat", "sockstat6", "tcp", "tcp6"]) {
  write(`proc/1/net/${name}`, Deno.readTextFileSync(machine.procInit(`net/${name}`)));
}
write(
  "proc/1/net/dev",
  "Inter-|   Receive                                                |  Transmit\n" +
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n" +
    numbers(counts.interfaces).map((index) =>
      `  eth${index}: ${12_345_678_901 + index} 98765432 0 12 0 0 0 4711 ${
        2_345_678_901 + index
      } 45678901 0 0 0 0 0 0\n`
    ).join(""),
);
for (const index of numbers(counts.interfaces)) {
  const attributes = {
    address: "02:00:00:00:00:01",
    mtu: "1500",
    speed: "10000",
    operstate: "up",
    duplex: "full",
  };
  for (const [name, value] of Object.entries(attributes)) {
    write(`sys/class/net/eth${index}/${name}`, `${value}\n`);
  }
}
write(
  "proc/diskstats",
  numbers(counts.disks).map((index) =>
    ` 259 ${
      index * 4
    } nvme${index}n1 150729 123 6123456 67611 59184 456 4123456 16809 0 91234 84420 0 0 0 0 12 34\n`
  ).join(""),
);
write(
  "proc/1/mountinfo",
  numbers(counts.mounts).map((index) =>
    `${20 + index} 1 259:${
      index * 4
    } / /srv/${index} rw,relatime shared:${index} - ext4 /dev/nvme${index}n1 rw\n`
  ).join(""),
);
for (const index of numbers(counts.mounts)) write(`root/srv/${index}/.keep`, "");
for (const index of numbers(counts.processes)) {
  const pid = 1000 + index;
  const rest = `S 1 ${pid} ${pid} 0 -1 4194560 1234 0 12 0 ${index} ${index} 0 0 20 0 4 0 ${
    4000 + index
  } 123456789 2345`;
  write(`proc/${pid}/stat`, `${pid} (worker ${index}) ${rest}${" 0".repeat(28)}\n`);
  write(`proc/${pid}/status`, `Name:\tworker\nUid:\t33\t33\t33\t33\n`);
  write(`proc/${pid}/cmdline`, `/usr/bin/worker\0--number\0${index}\0`);
  write(`proc/${pid}/cgroup`, "0::/system.slice/worker.service\n");
  write(
    `proc/${pid}/io`,
    "rchar: 1\nwchar: 1\nsyscr: 1\nsyscw: 1\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 0\n",
  );
}

/** Main files of each collector. */
const files: Readonly<Record<string, readonly string[]>> = {
  cpu: [host.fs.proc("stat"), host.fs.proc("loadavg")],
  memory: [host.fs.proc("meminfo"), host.fs.proc("vmstat")],
  network: [host.fs.procInit("net/dev")],
  disk_io: [host.fs.proc("diskstats")],
  disk: [host.fs.procInit("mountinfo")],
  sockets: ["snmp", "netstat", "sockstat", "sockstat6", "tcp", "tcp6"].map((name) =>
    host.fs.procInit(`net/${name}`)
  ),
  processes: numbers(counts.processes).map((index) => host.fs.proc(`${1000 + index}/stat`)),
};

const buffer = new Uint8Array(256 * 1024);
for (const [name, paths] of Object.entries(files)) {
  const definition = collectorDefinitions.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new Error(`There is no collector ${name}`);
  const collector = definition.create(host);
  Deno.bench({ name: `${name}: its files, opened and read`, group: name, baseline: true }, () => {
    for (const path of paths) {
      using file = Deno.openSync(path);
      while ((file.readSync(buffer) ?? 0) > 0);
    }
  });
  Deno.bench({ name: `${name}: collected`, group: name }, async () => {
    await collector.collect();
  });
}
