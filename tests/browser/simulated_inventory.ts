/** What a simulated host says beside its basic figures: processes, services, sensors, storage health, software, ports, events. */
import { timestampOf } from "../../lib/clock.ts";
import type { Measurement } from "../../protocol/metrics/mod.ts";

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

function sensors(seconds: number, hostile: string): Measurement[] {
  const swing = 5 * Math.sin(seconds / 40);
  const core = (index: number) => ({
    sensor: `coretemp Core ${index}`,
    device: "coretemp.0",
    temperature: 52 + index + swing,
    max_temp: 84,
    crit_temp: 100,
  });
  return [
    {
      type: "temperature_list",
      data: {
        sensors: [
          ...Array.from({ length: 4 }, (_, index) => core(index)),
          {
            sensor: "nvme Composite",
            device: "S4EVNX0R",
            temperature: 86 + swing / 10,
            max_temp: 82,
            crit_temp: 85,
          },
          { sensor: "nvme Composite", device: "S4EVNX0S", temperature: 41, max_temp: 82, crit_temp: 85 },
          { sensor: hostile, device: hostile, fault: true },
        ],
      },
    },
    {
      type: "fan_list",
      data: {
        sensors: [
          { sensor: "nct6775 CPU fan", rpm: 1180 + swing, min_rpm: 300 },
          { sensor: "nct6775 Case fan", rpm: 0, min_rpm: 300, alarm: true },
        ],
      },
    },
    {
      type: "voltage_list",
      data: { sensors: [{ sensor: "nct6775 +12V", volts: 12.09, min_volts: 10.8, max_volts: 13.2 }] },
    },
    {
      type: "battery_list",
      data: {
        supplies: [
          {
            supply: "BAT0",
            kind: "battery",
            state: "discharging",
            charge_pct: 37,
            power_watts: 11.4,
            health_pct: 81,
            cycles: 512,
            time_left_seconds: 5400,
          },
          { supply: "AC", kind: "mains", online: false },
        ],
      },
    },
    {
      type: "energy_list",
      data: { zones: [{ zone: "package-0", energy_joules: seconds * 45, power_watts: 45.2 }] },
    },
    {
      type: "wifi_list",
      data: {
        interfaces: [{
          interface: "wlp2s0",
          mode: "station",
          connected: true,
          ssid: hostile.slice(0, 32),
          signal_dbm: -61,
          bitrate_mbps: 433.3,
          frequency_ghz: 5.18,
        }],
      },
    },
  ];
}

function storage(hostile: string): Measurement[] {
  return [
    {
      type: "raid_list",
      data: {
        volumes: [
          {
            kind: "zfs",
            name: "tank",
            health: "ok",
            state: "ONLINE",
            size_bytes: 4096 * GiB,
            scrub: "repaired 0B",
          },
          {
            kind: "md",
            name: "md0",
            level: "raid1",
            health: "degraded",
            devices_total: 2,
            devices_active: 1,
            size_bytes: 900 * GiB,
            sync_action: "recover",
            sync_percent: 42.3,
            sync_bytes_per_second: 180 * MiB,
            sync_finish_seconds: 7500,
            members: [{ name: "sda1", state: "in_sync" }, { name: "sdb1", state: "faulty" }],
          },
        ],
      },
    },
    {
      type: "smart_list",
      data: {
        devices: [
          {
            device: "nvme0n1",
            status: "ok",
            protocol: "NVMe",
            model: hostile,
            passed: true,
            capacity_bytes: 960 * GiB,
            temperature: 41,
            wear_percent: 7,
            power_on_seconds: 700 * day,
            written_bytes: 90_000 * GiB,
            media_errors: 0,
          },
          { device: "sdc", status: "sleeping", reason: "Left asleep.", protocol: "ATA" },
          {
            device: "sdb",
            status: "failing",
            reason: "The drive says that it is about to fail.",
            warnings: ["24 sectors wait to be read again or replaced."],
            protocol: "ATA",
            model: "ST4000VN008",
            capacity_bytes: 3726 * GiB,
            reallocated_sectors: 112,
            pending_sectors: 24,
          },
        ],
      },
    },
  ];
}

function software(seconds: number, hostile: string): Measurement[] {
  return [
    {
      type: "update_list",
      data: {
        manager: "apt",
        pending: 2,
        security_pending: 1,
        last_refresh: Math.floor(seconds) - 9 * day,
        updates: [
          { name: "tzdata", version: "2025a", available_version: "2025b" },
          {
            name: "openssl",
            version: "3.0.15-1",
            available_version: "3.0.16-1",
            security: true,
            origin: "Debian-Security",
          },
        ],
      },
    },
    {
      type: "os_status",
      data: {
        reboot_required: 1,
        newer_kernel: "6.1.0-30-amd64",
        reboot_packages: ["linux-image-amd64"],
        end_of_life: "2028-06-30",
        end_of_life_days: 700,
        kernel_tainted: 0,
        apparmor_enabled: 1,
      },
    },
    { type: "time", data: { synchronized: 0 } },
    {
      type: "application_list",
      data: {
        applications: [
          ...Array.from(
            { length: 120 },
            (_, index) => ({ name: `library-${index}`, version: "1.0", source: "dpkg" }),
          ),
          {
            name: hostile,
            version: hostile,
            vendor: hostile,
            source: "flatpak",
            installed_at: "2026-01-02T03:04:05Z",
          },
        ],
      },
    },
  ];
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
