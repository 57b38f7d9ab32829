/** Hosts for the dashboard to show: they register and report over HTTP as an agent does, with values that a test chooses. */
import assert from "node:assert/strict";
import { timestampOf } from "../../lib/clock.ts";
import type { Envelope } from "../../protocol/envelope.ts";
import { formatBatchId } from "../../protocol/batch.ts";
import type { HostInfo } from "../../protocol/host_info.ts";
import { registeredSchema } from "../../protocol/host_info.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import { inventoryAt } from "./simulated_inventory.ts";

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

/** What a simulated host is like. */
export interface SimulatedHostOptions {
  readonly hostname: string;
  readonly cores: number;
  /** Between 0 and 1: how busy it is. */
  readonly load: number;
  /** Adds a file system that hangs, one that is read-only, a failed collector, and names that are hostile text. */
  readonly troubled?: boolean;
  /** Adds all that `simulated_inventory.ts` has: processes, services, sensors, software … */
  readonly inventory?: boolean;
  readonly info?: Partial<HostInfo>;
}

/** A host that reports when it is told to. */
export interface SimulatedHost {
  readonly agentId: string;
  /** Sends what the host measured at these times. */
  report(...timesMs: number[]): Promise<void>;
}

/** A name that would be markup, if anything took it for that. */
export const hostileName = `<img src=x onerror="window.hacked=1">${"very-long-name-".repeat(12)}`;

/** Registers a host. */
export async function simulateHost(
  serverUrl: string,
  enrollmentToken: string,
  options: SimulatedHostOptions,
): Promise<SimulatedHost> {
  const { hostname } = options;
  const response = await fetch(`${serverUrl}/api/v1/agent/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...infoOf(options), enrollment_token: enrollmentToken }),
  });
  assert.equal(response.status, 200);
  const { agent_id: agentId, agent_key: key } = registeredSchema.parse(await response.json());
  const epoch = crypto.randomUUID();
  let sequence = 0;
  return {
    agentId,
    async report(...timesMs) {
      const envelopes = timesMs.flatMap((timeMs) =>
        measurementsAt(options, timeMs / 1000).map((measurement) => ({
          ...measurement,
          timestamp: timestampOf(timeMs),
          hostname,
        } satisfies Envelope))
      );
      const answer = await fetch(`${serverUrl}/api/v1/metrics?hostname=${encodeURIComponent(hostname)}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "authorization": `Bearer ${key}`,
          "spectra-batch": formatBatchId({ epoch, sequence: ++sequence }),
        },
        body: JSON.stringify(envelopes),
      });
      const body = await answer.text();
      assert.equal(answer.status, 202, body);
      assert.deepEqual(JSON.parse(body).rejected, []);
    },
  };
}

function infoOf({ hostname, cores, info }: SimulatedHostOptions): HostInfo {
  return {
    hostname,
    os: "linux",
    platform: "debian",
    platform_ver: "12",
    kernel: "6.1.0-28-amd64",
    arch: "x86_64",
    cpu_model: "AMD EPYC 7543P",
    cpu_cores: cores,
    ram_total: cores * 4 * GiB,
    agent_version: "0.1.0",
    boot_time: 1_760_000_000,
    ips: ["10.20.0.17", "fd00::17"],
    ...info,
  };
}

/** A wave between 0 and 1 with a period in seconds: values that move and can be computed again. */
function wave(seconds: number, period: number, phase = 0): number {
  return 0.5 + 0.5 * Math.sin((seconds / period + phase) * 2 * Math.PI);
}

/** A counter whose rate swings between nothing and twice `rate`; whole, where `rate` is large enough to count. */
function counter(seconds: number, rate: number, period: number): number {
  const angle = seconds / period * 2 * Math.PI;
  const value = rate * (seconds - 1_700_000_000 + period / (2 * Math.PI) * (1 - Math.cos(angle)));
  return rate < 100 ? value : Math.round(value);
}

function measurementsAt(options: SimulatedHostOptions, seconds: number): Measurement[] {
  return [
    { type: "cpu", data: cpu(options, seconds) },
    { type: "memory", data: memory(options, seconds) },
    { type: "disk_list", data: { disks: disks(options) } },
    { type: "disk_io_list", data: diskIo(options, seconds) },
    { type: "network_list", data: { interfaces: interfaces(options, seconds) } },
    {
      type: "sockets",
      data: {
        established: 42,
        listen: 17,
        time_wait: 9,
        udp_in_use: 6,
        sockets_used: 230,
        tcp_memory_bytes: 3 * MiB,
      },
    },
    {
      type: "tcp",
      data: { segments_out: counter(seconds, 900, 240), segments_retransmitted: counter(seconds, 2, 240) },
    },
    {
      type: "system",
      data: {
        uptime: Math.floor(seconds) - 1_760_000_000,
        boot_time: 1_760_000_000,
        processes: 214,
        threads: 731,
        users: 2,
      },
    },
    { type: "agent", data: agent(options, seconds) },
    ...options.inventory ? inventoryAt(seconds, hostileName) : [],
  ];
}

function cpu({ cores, load }: SimulatedHostOptions, seconds: number): MetricData<"cpu"> {
  const perCore = Array.from(
    { length: cores },
    (_, core) => Math.round(1000 * load * wave(seconds, 180 + core * 7, core / cores)) / 10,
  );
  return {
    usage: perCore.reduce((sum, value) => sum + value, 0) / cores,
    cores: perCore,
    load_1m: cores * load * wave(seconds, 300),
    load_5m: cores * load * wave(seconds, 900),
    load_15m: cores * load * 0.5,
    user_seconds: counter(seconds, cores * load * 0.3, 200),
    nice_seconds: 10,
    system_seconds: counter(seconds, cores * load * 0.12, 140),
    idle_seconds: counter(seconds, cores * (1 - load), 200),
    iowait_seconds: counter(seconds, cores * load * 0.05, 90),
    irq_seconds: 0,
    softirq_seconds: counter(seconds, cores * load * 0.02, 90),
    steal_seconds: 0,
    logical_count: cores,
    pressure_some_seconds: counter(seconds, load * 0.2, 120),
  };
}

function memory({ cores, load }: SimulatedHostOptions, seconds: number): MetricData<"memory"> {
  const total = cores * 4 * GiB;
  const used = Math.round(total * (0.25 + 0.5 * load + 0.05 * wave(seconds, 400)));
  return {
    ram_total: total,
    ram_used: used,
    ram_available: total - used,
    ram_used_pct: used / total * 100,
    ram_free: Math.round((total - used) * 0.3),
    swap_total: 2 * GiB,
    swap_used: Math.round(300 * MiB * wave(seconds, 800)),
    swap_in_bytes: counter(seconds, 4000, 300),
    swap_out_bytes: counter(seconds, 9000, 300),
    pressure_some_seconds: counter(seconds, 0.01, 120),
    pressure_full_seconds: 1,
  };
}

type Disk = MetricData<"disk">;

function disks({ troubled, load }: SimulatedHostOptions): Disk[] {
  const mounted = (mountpoint: string, total: number, share: number): Disk => ({
    mountpoint,
    device: "/dev/nvme0n1p2",
    filesystem: "ext4",
    disk_type: "ssd",
    disk_total: total,
    disk_used: Math.round(total * share),
    disk_available: Math.round(total * (1 - share)),
    disk_used_pct: share * 100,
    inodes_pct: share * 20,
  });
  const healthy = [
    mounted("/", 120 * GiB, 0.3 + load * 0.4),
    mounted("/var/lib/postgresql", 900 * GiB, 0.2 + load * 0.75),
  ];
  return troubled
    ? [
      ...healthy,
      {
        mountpoint: "/mnt/archive",
        device: "nas:/archive",
        filesystem: "nfs4",
        disk_type: "network",
        hung: true,
        hung_seconds: 312,
      },
      { ...mounted(`/media/${hostileName}`, 4 * GiB, 1), read_only: true },
    ]
    : healthy;
}

function diskIo({ load }: SimulatedHostOptions, seconds: number): MetricData<"disk_io_list"> {
  const device = (name: string, rate: number) => ({
    device: name,
    read_bytes: counter(seconds, rate * 2 * MiB, 150),
    write_bytes: counter(seconds, rate * 5 * MiB, 220),
    read_ops: counter(seconds, rate * 60, 150),
    write_ops: counter(seconds, rate * 140, 220),
    io_time_ms: counter(seconds, rate * 180, 200),
    io_in_progress: 1,
  });
  return {
    devices: [device("nvme0n1", 0.1), { ...device("dm-0", load * 4), label: "vg0-postgresql" }],
    pressure_some_seconds: counter(seconds, load * 0.1, 200),
    pressure_full_seconds: counter(seconds, load * 0.04, 200),
  };
}

function interfaces({ troubled, load }: SimulatedHostOptions, seconds: number): MetricData<"network">[] {
  const faults = troubled ? 3 : 0;
  return [
    {
      interface: "lo",
      oper_state: "unknown",
      virtual: true,
      rx_bytes: counter(seconds, 9e6, 60),
      tx_bytes: counter(seconds, 9e6, 60),
    },
    {
      interface: "eno1",
      oper_state: "up",
      speed: 1e10,
      rx_bytes: counter(seconds, load * 3e6, 170),
      tx_bytes: counter(seconds, load * 8e5, 130),
      rx_errors: 0,
      tx_errors: 0,
      rx_drops: counter(seconds, faults, 60),
      tx_drops: 0,
    },
    {
      interface: "eno2",
      oper_state: "down",
      rx_bytes: 0,
      tx_bytes: 0,
      rx_errors: 0,
      tx_errors: 0,
      rx_drops: 0,
      tx_drops: 0,
    },
  ];
}

function agent({ troubled }: SimulatedHostOptions, seconds: number): MetricData<"agent"> {
  const well = (collector: string, duration: number) => ({
    collector,
    outcome: "ok",
    duration_us: duration,
    runs: 1200,
    failures: 0,
  });
  return {
    version: "0.1.0",
    uptime_seconds: Math.floor(seconds) % 100_000,
    cpu_seconds: counter(seconds, 0.002, 300),
    rss_bytes: 54 * MiB,
    rss_anonymous_bytes: 15 * MiB,
    queue_envelopes: 0,
    sent_bytes: 8 * MiB,
    send_failures: 1,
    rejected_envelopes: 0,
    lost_envelopes: 0,
    collectors: [
      well("cpu", 180),
      well("memory", 96),
      well("network", 210),
      troubled
        ? {
          collector: "disk_io",
          outcome: "failed",
          detail: `Cannot read /proc/diskstats: line 3: expected 14 fields, found 2 (${hostileName})`,
          duration_us: 1500,
          runs: 1200,
          failures: 37,
        }
        : well("disk_io", 130),
      { collector: "temperature", outcome: "unsupported", detail: "no sensors below /sys/class/hwmon" },
    ],
  };
}
