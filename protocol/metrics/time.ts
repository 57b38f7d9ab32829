/** How well the host's clock is kept: `time`. */
import * as z from "zod/mini";
import { text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

/** Data of a `time` envelope. */
export const time = z.object({
  synchronized: state({
    unit: "1",
    help: "1 when the kernel's clock is kept by a time service, else 0.",
    prometheus: "node_timex_sync_status",
  }),
  offset_seconds: z.optional(gauge({
    unit: "s",
    help: "How far the clock was from the time service's when that last corrected it.",
    prometheus: "node_timex_offset_seconds",
  })),
  max_error_seconds: z.optional(gauge({
    unit: "s",
    help: "How far the clock is from true time at most; it grows until it is corrected.",
    prometheus: "node_timex_maxerror_seconds",
  })),
  estimated_error_seconds: z.optional(gauge({
    unit: "s",
    help: "How far the clock is from true time as the time service estimates.",
    prometheus: "node_timex_estimated_error_seconds",
  })),
  frequency_ppm: z.optional(gauge({
    unit: "1",
    help: "Correction of the clock's pace, in parts per million.",
    prometheus: "spectra_time_frequency_ppm",
  })),
  tai_offset_seconds: z.optional(state({
    unit: "s",
    help: "International Atomic Time minus UTC as the kernel knows it; 0 when nobody has told it.",
    prometheus: "node_timex_tai_offset_seconds",
  })),
  /** Leap second that is announced for the end of the day: `insert` or `delete`. */
  leap_second: z.optional(text()),
});
