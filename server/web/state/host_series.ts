/** The series that a host page reads, by name as in `protocol/series.ts`. Counters arrive as per-second rates. */

/** Those that it draws over a span of time. */
export const hostSeriesNames: readonly string[] = [
  ...[
    "usage",
    "cores",
    "load_1m",
    "load_5m",
    "load_15m",
    "user_seconds",
    "nice_seconds",
    "system_seconds",
    "iowait_seconds",
    "irq_seconds",
    "softirq_seconds",
    "steal_seconds",
    "guest_seconds",
    "guest_nice_seconds",
    "context_switches",
    "pressure_some_seconds",
  ].map((field) => `cpu.${field}`),
  ...[
    "ram_used",
    "ram_available",
    "ram_free",
    "swap_used",
    "swap_in_bytes",
    "swap_out_bytes",
    "pressure_some_seconds",
    "pressure_full_seconds",
  ].map((field) => `memory.${field}`),
  ...[
    "read_bytes",
    "write_bytes",
    "read_ops",
    "write_ops",
    "io_time_ms",
    "pressure_some_seconds",
    "pressure_full_seconds",
  ].map((field) => `disk_io.${field}`),
  ...["rx_bytes", "tx_bytes", "rx_errors", "tx_errors", "rx_drops", "tx_drops"].map((field) =>
    `network.${field}`
  ),
  "tcp.segments_out",
  "tcp.segments_retransmitted",
  "agent.cpu_seconds",
  "agent.rss_bytes",
  "temperature.temperature",
];

/** Those of which it shows only the newest rate: there are many, and they come and go. */
export const recentSeriesNames: readonly string[] = [
  "process.read_bytes",
  "process.write_bytes",
  "service.cpu_seconds",
  ...["cpu_usage_seconds", "cpu_throttled_seconds", "read_bytes", "write_bytes"].map((field) =>
    `cgroup.${field}`
  ),
];
