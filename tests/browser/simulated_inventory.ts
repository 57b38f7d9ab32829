/** What a simulated host says beside its basic figures: processes, services, sensors, storage health, software, ports, events. */
import { timestampOf } from "../../lib/clock.ts";
import type { Measurement } from "../../protocol/metrics/mod.ts";
import { sensors, software, storage } from "./simulated_equipment.ts";

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const day = 86_400;

/** A host with a problem of each kind; `hostile` is a name that others choose: of a process, a unit, a drive, a log line. */
export function inventoryAt(seconds: number, hostile: string): Measurement[] {
  return [
    ...processes(seconds, hostile),
    ...services(seconds, hostile),
    ...sensors(seconds, hostile),
    ...storage(hostile),
    ...software(seconds, hostile),
    ...networkServices(seconds, hostile),
    ...events(seconds, hostile),
  ];
}

function processes(seconds: number, hostile: string): Measurement[] {
  const process = (pid: number, name: string, cpu: number, memory: number) => ({
    pid,
    name,
    user: pid < 1000 ? "root" : "postgres",
    cpu_percent: cpu,
    mem_percent: memory / (256 * GiB) * 100,
    mem_rss: memory,
    status: cpu > 50 ? "running" : "waiting",
    threads_total: 1 + pid % 7,
    start_time: 1_760_000_100 + pid,
    read_bytes: Math.round(seconds * cpu * 100),
    write_bytes: Math.round(seconds * cpu * 900),
    cgroup: "/system.slice/postgresql@15-main.service",
    unit: "postgresql@15-main.service",
    command:
      `/usr/lib/postgresql/15/bin/${name} --config-file=/etc/postgresql/15/main/postgresql.conf -D ${pid}`,
  });
  const few = Array.from(
    { length: 22 },
    (_, index) => process(2000 + index, "postgres", 3 + index / 10, (40 + index) * MiB),
  );
  const group = (path: string, kind: string, cpu: number, memory: number) => ({
    path,
    kind,
    cpu_usage_seconds: seconds * cpu,
    cpu_throttled_seconds: seconds * cpu / 20,
    memory_bytes: memory,
    memory_limit: 2 * memory,
    tasks: 12,
    read_bytes: Math.round(seconds * 1000),
    write_bytes: Math.round(seconds * 9000),
    oom_kills: kind === "container" ? 2 : 0,
  });
  return [
    {
      type: "process_list",
      data: {
        processes: [
          ...few,
          process(4711, "busy-worker", 387, 90 * MiB),
          process(812, "large-cache", 1.5, 61 * GiB),
          { ...process(6666, hostile.slice(0, 60), 42, 3 * GiB), command: `${hostile} --again ${hostile}` },
        ],
        processes_total: 214,
        processes_visible: 210,
        processes_running: 3,
        processes_sleeping: 206,
        processes_zombie: 1,
        threads: 731,
      },
    },
    {
      type: "cgroup_list",
      data: {
        version: "v2",
        cgroups: [
          group("/system.slice", "slice", 3, 90 * GiB),
          group("/system.slice/postgresql@15-main.service", "service", 2.5, 64 * GiB),
          { ...group("/system.slice/docker-4f1c.scope", "container", 0.2, 3 * GiB), runtime: "docker" },
          group(`/system.slice/${hostile.replaceAll("/", "")}.service`, "service", 0.1, 20 * MiB),
        ],
      },
    },
  ];
}

function services(seconds: number, hostile: string): Measurement[] {
  const running = (name: string, memory: number) => ({
    name,
    status: "active",
    sub_status: "running",
    load_state: "loaded",
    enabled_state: "enabled",
    description: `The ${name.replace(/\.service$/, "")} daemon`,
    since: Math.floor(seconds) - 3 * day,
    memory_bytes: memory,
    cpu_seconds: seconds / 100,
    tasks: 4,
    restarts: 0,
  });
  return [{
    type: "service_list",
    data: {
      services: [
        ...Array.from({ length: 20 }, (_, index) => running(`worker@${index}.service`, (index + 1) * MiB)),
        running("postgresql@15-main.service", 64 * GiB),
        {
          ...running("backup.service", 0),
          status: "failed",
          sub_status: "failed",
          result: "exit-code",
          restarts: 5,
        },
        { ...running(`${hostile}.service`, MiB), description: hostile },
        {
          name: "apparmor.service",
          status: "active",
          sub_status: "exited",
          description: "Load AppArmor profiles",
        },
      ],
      system_state: "degraded",
      units_failed: 1,
    },
  }];
}

function networkServices(seconds: number, hostile: string): Measurement[] {
  const madeAt = Math.floor(seconds) - 20;
  return [
    {
      type: "port_list",
      data: {
        ports: [
          {
            protocol: "tcp",
            address: "0.0.0.0",
            port: 22,
            listening: true,
            process: "sshd",
            pid: 700,
            unit: "ssh.service",
          },
          {
            protocol: "tcp",
            address: "::",
            port: 6379,
            listening: true,
            process: hostile,
            violation: "is not expected here",
          },
          {
            protocol: "tcp",
            address: "0.0.0.0",
            port: 443,
            listening: false,
            violation: "must listen and does not",
          },
          {
            protocol: "tcp",
            address: "127.0.0.1",
            port: 5432,
            listening: true,
            process: "postgres",
            accept_queue: 0,
            accept_queue_limit: 200,
          },
        ],
        violations: 2,
      },
    },
    {
      type: "check_list",
      data: {
        checks: [
          {
            name: "home page",
            kind: "http",
            target: "https://example.org/",
            ok: true,
            latency_ms: 85.4,
            status_code: 200,
            certificate_days_left: 9,
            checked_at: madeAt,
          },
          {
            name: "mail",
            kind: "tcp",
            target: "mail.example.org:25",
            ok: false,
            detail: hostile,
            consecutive_failures: 4,
            checked_at: madeAt,
          },
          {
            name: "gateway",
            kind: "icmp",
            target: "10.20.0.1",
            ok: true,
            latency_ms: 0.4,
            loss_percent: 0,
            checked_at: madeAt,
          },
        ],
        failing: 1,
      },
    },
  ];
}

function events(seconds: number, hostile: string): Measurement[] {
  const at = (ago: number) => timestampOf((Math.floor(seconds) - ago) * 1000);
  return [
    {
      type: "log_counts",
      data: {
        sources: [{ source: "journal", lines: 90 }, {
          source: "app.log",
          problem: "Permission denied: add the agent to group adm.",
        }],
      },
    },
    {
      type: "log_event_list",
      data: {
        events: [
          {
            timestamp: at(9),
            source: "journal",
            level: "error",
            message: hostile,
            unit: "backup.service",
            count: 1,
          },
          { timestamp: at(5), source: "journal", level: "warning", message: "Disk is slow", count: 3 },
        ],
      },
    },
    {
      type: "security_event_list",
      data: {
        events: [
          {
            kind: "brute_force",
            timestamp: at(7),
            user: hostile,
            source: "203.0.113.9",
            service: "sshd",
            count: 40,
          },
        ],
      },
    },
    {
      type: "session_list",
      data: {
        sessions: [{
          id: "c1",
          user: "alice",
          tty: "pts/0",
          remote_host: "10.20.0.9",
          service: "sshd",
          state: "active",
          since: Math.floor(seconds) - 7200,
        }],
      },
    },
  ];
}
