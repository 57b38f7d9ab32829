/** Control groups of Linux: `cgroup_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge, type Unit } from "../measure.ts";

const count = (unit: Unit, help: string, prometheus: string, otel?: string) =>
  z.optional(counter({ unit, help, prometheus, ...(otel === undefined ? {} : { otel }) }));

const amount = (unit: Unit, help: string, prometheus: string) =>
  z.optional(gauge({ unit, help, prometheus }));

const stalled = (who: string, resource: string, kind: "waiting" | "stalled") =>
  count(
    "s",
    `Time in which ${who} of its tasks waited for ${resource} (PSI).`,
    `spectra_cgroup_pressure_${resource === "processors" ? "cpu" : resource}_${kind}_seconds_total`,
  );

/** One control group. Counters include what its sub-groups used, those that are gone too. */
export const cgroup = z.object({
  /** Path below the root of the hierarchy. */
  path: text(4096),
  /** `slice`, `service`, `scope`, `container`, `machine`, or `group` for any other. */
  kind: z.optional(text()),
  /** Unit of the service manager that it is or belongs to. */
  unit: z.optional(text()),
  /** Container that it is or belongs to. */
  container_id: z.optional(text()),
  /** `docker`, `podman`, `containerd`, `crio`, `lxc`, `nspawn`. */
  runtime: z.optional(text()),
  /** Virtual machine that it is or belongs to. */
  machine: z.optional(text()),
  cpu_usage_seconds: count("s", "Processor time.", "container_cpu_usage_seconds_total", "container.cpu.time"),
  cpu_user_seconds: count("s", "Processor time in user mode.", "container_cpu_user_seconds_total"),
  cpu_system_seconds: count("s", "Processor time in the kernel.", "container_cpu_system_seconds_total"),
  cpu_periods: count(
    "{period}",
    "Periods in which its processor limit was enforced.",
    "container_cpu_cfs_periods_total",
  ),
  cpu_throttled_periods: count(
    "{period}",
    "Periods in which it was held back by its processor limit.",
    "container_cpu_cfs_throttled_periods_total",
  ),
  cpu_throttled_seconds: count(
    "s",
    "Time that it was held back by its processor limit.",
    "container_cpu_cfs_throttled_seconds_total",
  ),
  cpu_limit_cores: amount(
    "{cpu}",
    "Processors it may use: the least of its own limit and those above it.",
    "spectra_cgroup_cpu_limit_cores",
  ),
  memory_bytes: amount(
    "By",
    "Memory in use, without inactive file cache.",
    "container_memory_working_set_bytes",
  ),
  memory_limit: amount(
    "By",
    "Memory it may use: the least of its own limit and those above it.",
    "container_spec_memory_limit_bytes",
  ),
  swap_bytes: amount("By", "Swap in use.", "container_memory_swap"),
  oom_kills: count(
    "{process}",
    "Processes that the kernel killed for want of memory.",
    "container_oom_events_total",
  ),
  read_bytes: count("By", "Read from block devices.", "container_fs_reads_bytes_total"),
  write_bytes: count("By", "Written to block devices.", "container_fs_writes_bytes_total"),
  read_ops: count("{operation}", "Reads from block devices.", "container_fs_reads_total"),
  write_ops: count("{operation}", "Writes to block devices.", "container_fs_writes_total"),
  tasks: amount("{thread}", "Processes and threads.", "container_threads"),
  tasks_limit: amount(
    "{thread}",
    "Processes and threads it may have: the least of its own limit and those above it.",
    "container_threads_max",
  ),
  pressure_cpu_some_seconds: stalled("at least one", "processors", "waiting"),
  pressure_cpu_full_seconds: stalled("all", "processors", "stalled"),
  pressure_memory_some_seconds: stalled("at least one", "memory", "waiting"),
  pressure_memory_full_seconds: stalled("all", "memory", "stalled"),
  pressure_io_some_seconds: stalled("at least one", "io", "waiting"),
  pressure_io_full_seconds: stalled("all", "io", "stalled"),
});

/** Data of a `cgroup_list` envelope. */
export const cgroupList = z.object({
  cgroups: z.array(cgroup).check(z.maxLength(limits.listLength)),
  /** `v2`, `v1`, or `hybrid` where controllers are v1 and a unified hierarchy stands beside them. */
  version: z.optional(text()),
  /** True when there are more groups than are read. */
  truncated: z.optional(z.boolean()),
});
