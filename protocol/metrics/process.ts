/** Processes: `process`, `process_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge, state } from "../measure.ts";

const threads = (what: string, field: string) =>
  z.optional(
    gauge({
      unit: "{thread}",
      help: `Threads${what}.`,
      prometheus: `spectra_process_threads_${field}`,
      otel: "process.thread.count",
    }),
  );

/** One process. */
export const process = z.object({
  pid: state({
    unit: "{pid}",
    help: "Process number.",
    prometheus: "spectra_process_pid",
    otel: "process.pid",
  }),
  name: z.optional(text()),
  cpu_percent: z.optional(gauge({
    unit: "%",
    help: "Processor time since the reading before; 100 is one logical processor.",
    prometheus: "spectra_process_cpu_percent",
    otel: "process.cpu.utilization",
  })),
  mem_percent: z.optional(gauge({
    unit: "%",
    help: "Resident memory as a share of usable memory.",
    prometheus: "spectra_process_memory_percent",
    otel: "process.memory.utilization",
  })),
  mem_rss: z.optional(
    gauge({
      unit: "By",
      help: "Resident memory.",
      prometheus: "spectra_process_resident_memory_bytes",
      otel: "process.memory.usage",
    }),
  ),
  /** `running`, `runnable`, `waiting` or `other`. */
  status: z.optional(text()),
  threads_total: threads("", "all"),
  threads_running: threads(" running", "running"),
  threads_runnable: threads(" ready to run", "runnable"),
  threads_waiting: threads(" waiting", "waiting"),
  /** Who it runs as: a name, or the number where the host has no name for it. */
  user: z.optional(text()),
  /** Command line, its secrets hidden unless the host is set to show them. Kernel threads have none. */
  command: z.optional(text(4096)),
  start_time: z.optional(
    state({
      unit: "s",
      help: "When it started, Unix time.",
      prometheus: "spectra_process_start_time_seconds",
    }),
  ),
  cpu_seconds: z.optional(counter({
    unit: "s",
    help: "Processor time since it started.",
    prometheus: "spectra_process_cpu_seconds_total",
    otel: "process.cpu.time",
  })),
  read_bytes: z.optional(counter({
    unit: "By",
    help: "Read from storage.",
    prometheus: "spectra_process_read_bytes_total",
    otel: "process.disk.io{disk.io.direction=read}",
  })),
  write_bytes: z.optional(counter({
    unit: "By",
    help: "Caused to be written to storage.",
    prometheus: "spectra_process_written_bytes_total",
    otel: "process.disk.io{disk.io.direction=write}",
  })),
  open_files: z.optional(gauge({
    unit: "{file}",
    help: "Open file descriptors.",
    prometheus: "spectra_process_open_files",
    otel: "process.unix.file_descriptor.count",
  })),
  /** Control group, as `cgroup_list` names it. */
  cgroup: z.optional(text(4096)),
  /** Unit of the service manager that it belongs to. */
  unit: z.optional(text()),
  /** Container that it runs in. */
  container_id: z.optional(text()),
  /** Virtual machine that it runs. */
  machine: z.optional(text()),
});

const processes = (help: string, state: string) =>
  z.optional(gauge({ unit: "{process}", help, prometheus: `spectra_processes{state="${state}"}` }));

/** Data of a `process_list` envelope: the processes that use most, and sums over all. */
export const processList = z.object({
  processes: z.array(process).check(z.maxLength(limits.listLength)),
  processes_total: z.optional(gauge({
    unit: "{process}",
    help: "Processes of the machine, those that the agent may not see included.",
    prometheus: "spectra_processes",
    otel: "system.process.count",
  })),
  processes_visible: z.optional(gauge({
    unit: "{process}",
    help: "Processes that the agent can see; the sums by state and of threads are over these.",
    prometheus: "spectra_processes_visible",
  })),
  processes_running: processes("Processes running or ready to run.", "running"),
  processes_sleeping: processes("Processes waiting for something.", "sleeping"),
  processes_disk_sleep: processes(
    "Processes in a wait that nothing interrupts, mostly for storage.",
    "disk_sleep",
  ),
  processes_stopped: processes("Processes stopped by a signal or a debugger.", "stopped"),
  processes_zombie: processes("Processes that ended and whose parent has not noticed.", "zombie"),
  processes_idle: processes("Kernel threads with nothing to do.", "idle"),
  processes_other: processes("Processes in any other state.", "other"),
  threads: z.optional(
    gauge({ unit: "{thread}", help: "Threads of all visible processes.", prometheus: "spectra_threads" }),
  ),
});
