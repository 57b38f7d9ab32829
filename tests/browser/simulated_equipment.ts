/** What a simulated host says about its hardware and the software on it. */
import type { Measurement } from "../../protocol/metrics/mod.ts";

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;
const day = 86_400;

/** Sensors, one of them too hot, one still and one broken; a battery, wireless. */
export function sensors(seconds: number, hostile: string): Measurement[] {
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

/** A degraded array and a failing drive among healthy ones. */
export function storage(hostile: string): Measurement[] {
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

/** Pending updates, a restart that is due, a clock that nobody keeps, many applications. */
export function software(seconds: number, hostile: string): Measurement[] {
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
