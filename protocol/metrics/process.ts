/** Processes (`process`, `process_list`) and services (`service`, `service_list`). */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

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
  threads_total: threads("", "total"),
  threads_running: threads(" running", "running"),
  threads_runnable: threads(" ready to run", "runnable"),
  threads_waiting: threads(" waiting", "waiting"),
});

/** Data of a `process_list` envelope. */
export const processList = z.object({
  processes: z.array(process).check(z.maxLength(limits.listLength)),
});

/** One service of the host's service manager. */
export const service = z.object({
  name: text(),
  status: z.optional(text()),
  sub_status: z.optional(text()),
  load_state: z.optional(text()),
  description: z.optional(text(4096)),
});

/** Data of a `service_list` envelope. */
export const serviceList = z.object({
  services: z.array(service).check(z.maxLength(limits.listLength)),
});
