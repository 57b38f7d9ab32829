/** The users' own metrics: `custom`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";

/** One number. It is a gauge or a counter: one of the two fields is there. */
export const customSample = z.object({
  name: text(256),
  /** Canonical text, sorted by name: `device="sda",mode="idle"`; values are JSON strings. Empty without labels. */
  labels: text(),
  /** Where it comes from, e.g. `textfile:backup.prom`, `scrape:router`, `command:raid`. */
  source: text(),
  gauge: z.optional(gauge({ unit: "1", help: "A user's own value.", prometheus: "spectra_custom_value" })),
  counter: z.optional(
    counter({ unit: "1", help: "A user's own running total.", prometheus: "spectra_custom_total" }),
  ),
  /** What the source says about the metric. */
  help: z.optional(text()),
});

/** Data of a `custom` envelope. */
export const custom = z.object({
  samples: z.array(customSample).check(z.maxLength(limits.listLength)),
  dropped: z.optional(gauge({
    unit: "{sample}",
    help: "Samples left out: too many, malformed, twice, not finite, or too long.",
    prometheus: "spectra_custom_samples_dropped",
  })),
  failed_sources: z.optional(gauge({
    unit: "{source}",
    help: "Sources that could not be read.",
    prometheus: "spectra_custom_sources_failed",
  })),
  /** What was wrong with which source. */
  problems: z.optional(z.array(text(4096)).check(z.maxLength(1_000))),
});
