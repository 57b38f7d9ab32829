/** The agent about itself: `agent`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";

/** How one collector is doing. */
export const collectorState = z.object({
  collector: text(),
  /** `ok`, `unsupported`, `denied`, `failed`, `timeout`. */
  outcome: text(),
  /** Why, in words, when the outcome is not `ok`. */
  detail: z.optional(text(4096)),
  duration_us: z.optional(
    gauge({
      unit: "us",
      help: "Time that the last collection took.",
      prometheus: "spectra_collector_duration_seconds",
    }),
  ),
  runs: z.optional(
    counter({
      unit: "{run}",
      help: "Collections since the agent started.",
      prometheus: "spectra_collector_runs_total",
    }),
  ),
  failures: z.optional(counter({
    unit: "{run}",
    help: "Of them failed or not finished by their deadline.",
    prometheus: "spectra_collector_failures_total",
  })),
});

/** Data of an `agent` envelope. */
export const agent = z.object({
  version: z.optional(text()),
  uptime_seconds: z.optional(
    gauge({ unit: "s", help: "Time since the agent started.", prometheus: "spectra_agent_uptime_seconds" }),
  ),
  cpu_seconds: z.optional(
    counter({
      unit: "s",
      help: "Processor time of the agent.",
      prometheus: "process_cpu_seconds_total",
      otel: "process.cpu.time",
    }),
  ),
  rss_bytes: z.optional(
    gauge({
      unit: "By",
      help: "Resident memory of the agent.",
      prometheus: "process_resident_memory_bytes",
      otel: "process.memory.usage",
    }),
  ),
  rss_anonymous_bytes: z.optional(gauge({
    unit: "By",
    help: "Of it not backed by files: what the agent really costs.",
    prometheus: "spectra_agent_resident_anonymous_bytes",
  })),
  heap_used_bytes: z.optional(
    gauge({ unit: "By", help: "JavaScript heap in use.", prometheus: "spectra_agent_heap_used_bytes" }),
  ),
  open_file_descriptors: z.optional(
    gauge({ unit: "{handle}", help: "Open files of the agent.", prometheus: "process_open_fds" }),
  ),
  queue_envelopes: z.optional(
    gauge({
      unit: "{envelope}",
      help: "Envelopes waiting to be sent.",
      prometheus: "spectra_agent_queue_envelopes",
    }),
  ),
  queue_bytes: z.optional(
    gauge({ unit: "By", help: "Their size.", prometheus: "spectra_agent_queue_bytes" }),
  ),
  sent_batches: z.optional(
    counter({
      unit: "{batch}",
      help: "Batches that the server has stored.",
      prometheus: "spectra_agent_sent_batches_total",
    }),
  ),
  sent_envelopes: z.optional(
    counter({
      unit: "{envelope}",
      help: "Envelopes that the server has stored.",
      prometheus: "spectra_agent_sent_envelopes_total",
    }),
  ),
  sent_bytes: z.optional(
    counter({
      unit: "By",
      help: "Bytes sent as request bodies.",
      prometheus: "spectra_agent_sent_bytes_total",
    }),
  ),
  send_failures: z.optional(
    counter({
      unit: "{attempt}",
      help: "Attempts to send that failed.",
      prometheus: "spectra_agent_send_failures_total",
    }),
  ),
  rejected_envelopes: z.optional(
    counter({
      unit: "{envelope}",
      help: "Envelopes that the server refused.",
      prometheus: "spectra_agent_rejected_envelopes_total",
    }),
  ),
  lost_envelopes: z.optional(counter({
    unit: "{envelope}",
    help: "Envelopes given up: the queue was full, or the server can never take them.",
    prometheus: "spectra_agent_lost_envelopes_total",
  })),
  collectors: z.optional(z.array(collectorState).check(z.maxLength(limits.listLength))),
});

/**
 * Data of a `tombstone` envelope: envelopes that will never arrive, and why. Loss is never silent.
 */
export const tombstone = z.object({
  reason: text(),
  detail: z.optional(text(4096)),
  count: counter({ unit: "{envelope}", help: "Envelopes lost.", prometheus: "spectra_tombstone_envelopes" }),
  /** Timestamps of the first and the last of them. */
  from: z.optional(text(64)),
  to: z.optional(text(64)),
});
