/** Checks of services that the agent makes against configured targets: `check_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

/** The latest outcome of one check. */
export const check = z.object({
  name: text(),
  /** `tcp`, `http`, `dns` or `icmp`. */
  kind: text(16),
  target: text(2048),
  /** Absent where the check could not be made at all; `detail` says why. */
  ok: z.optional(z.boolean()),
  /** What was found or went wrong, in words. */
  detail: z.optional(text(4096)),
  latency_ms: z.optional(gauge({
    unit: "ms",
    help: "Time to the answer: connected, response headers, resolved, mean of the echoes.",
    prometheus: "spectra_check_latency_seconds",
  })),
  consecutive_failures: z.optional(gauge({
    unit: "{failure}",
    help: "Failures in a row up to now; 0 while it succeeds.",
    prometheus: "spectra_check_consecutive_failures",
  })),
  status_code: z.optional(
    state({ unit: "1", help: "HTTP status of the answer.", prometheus: "spectra_check_http_status_code" }),
  ),
  certificate_days_left: z.optional(gauge({
    unit: "{day}",
    help: "Days until the certificate expires; negative when it has.",
    prometheus: "spectra_check_certificate_left_seconds",
  })),
  loss_percent: z.optional(
    gauge({ unit: "%", help: "Echo requests without an answer.", prometheus: "spectra_check_loss_percent" }),
  ),
  checked_at: z.optional(
    state({ unit: "s", help: "When it was made, Unix time.", prometheus: "spectra_check_timestamp_seconds" }),
  ),
});

/** Data of a `check_list` envelope. */
export const checkList = z.object({
  checks: z.array(check).check(z.maxLength(limits.listLength)),
  failing: z.optional(
    gauge({ unit: "{check}", help: "Checks that fail now.", prometheus: "spectra_checks_failing" }),
  ),
});
