/** Processor: `cpu`. Modes are cumulative seconds over all logical processors, percentages are the agent's own. */
import * as z from "zod/mini";
import { counter, gauge } from "../measure.ts";

const mode = (name: string, what: string, otel = name) =>
  z.optional(counter({
    unit: "s",
    help: `Processor time ${what}, summed over all logical processors.`,
    prometheus: `node_cpu_seconds_total{mode="${name}"}`,
    otel: `system.cpu.time{cpu.mode=${otel}}`,
  }));

const load = (minutes: number) =>
  z.optional(gauge({
    unit: "{task}",
    help: `Average number of tasks running or waiting over ${minutes} min (on Linux also in disk wait).`,
    prometheus: `node_load${minutes}`,
    otel: `system.cpu.load_average.${minutes}m`,
  }));

/** Data of a `cpu` envelope. */
export const cpu = z.object({
  usage: z.optional(gauge({
    unit: "%",
    help: "Time not idle and not waiting for I/O, of all logical processors, since the reading before.",
    prometheus: "spectra_cpu_usage_percent",
    otel: "system.cpu.utilization",
  })),
  cores: z.optional(
    // `null` stands for a number that is offline or has no figure yet, so that the others keep their place.
    z.array(z.nullable(gauge({
      unit: "%",
      help: "The same for each logical processor, by its number.",
      prometheus: "spectra_cpu_core_usage_percent",
      otel: "system.cpu.utilization{cpu.logical_number}",
    }))).check(z.maxLength(8192)),
  ),
  load_1m: load(1),
  load_5m: load(5),
  load_15m: load(15),
  user_seconds: mode("user", "in user mode, without nice and guest"),
  nice_seconds: mode("nice", "in user mode at low priority"),
  system_seconds: mode("system", "in kernel mode"),
  idle_seconds: mode("idle", "idle"),
  iowait_seconds: mode("iowait", "idle with I/O outstanding"),
  irq_seconds: mode("irq", "in hardware interrupts", "interrupt"),
  softirq_seconds: mode("softirq", "in soft interrupts", "interrupt"),
  steal_seconds: mode("steal", "taken by the hypervisor for other guests"),
  guest_seconds: z.optional(counter({
    unit: "s",
    help: "Processor time running guests, normal priority (already taken out of `user_seconds`).",
    prometheus: 'node_cpu_guest_seconds_total{mode="user"}',
  })),
  guest_nice_seconds: z.optional(counter({
    unit: "s",
    help: "Processor time running guests, low priority (already taken out of `nice_seconds`).",
    prometheus: 'node_cpu_guest_seconds_total{mode="nice"}',
  })),
  logical_count: z.optional(gauge({
    unit: "{cpu}",
    help: "Logical processors that are online.",
    prometheus: "spectra_cpu_online_processors",
    otel: "system.cpu.logical.count",
  })),
  frequency_hz: z.optional(gauge({
    unit: "Hz",
    help: "Current clock frequency, mean of the online processors.",
    prometheus: "node_cpu_scaling_frequency_hertz",
    otel: "system.cpu.frequency",
  })),
  context_switches: z.optional(counter({
    unit: "{switch}",
    help: "Context switches since boot.",
    prometheus: "node_context_switches_total",
  })),
  interrupts: z.optional(counter({
    unit: "{interrupt}",
    help: "Interrupts serviced since boot.",
    prometheus: "node_intr_total",
  })),
  forks: z.optional(counter({
    unit: "{process}",
    help: "Processes and threads created since boot.",
    prometheus: "node_forks_total",
    otel: "system.process.created",
  })),
  processes_running: z.optional(gauge({
    unit: "{task}",
    help: "Tasks running or ready to run.",
    prometheus: "node_procs_running",
  })),
  processes_blocked: z.optional(gauge({
    unit: "{task}",
    help: "Tasks blocked waiting for I/O.",
    prometheus: "node_procs_blocked",
  })),
  pressure_some_seconds: z.optional(counter({
    unit: "s",
    help: "Time in which at least one task waited for a processor (PSI).",
    prometheus: "node_pressure_cpu_waiting_seconds_total",
  })),
  pressure_irq_full_seconds: z.optional(counter({
    unit: "s",
    help: "Time in which all tasks stood still for interrupts (PSI, Linux 6.1 and later).",
    prometheus: "node_pressure_irq_stalled_seconds_total",
  })),
});
