/** Raspberry Pi firmware: `throttle`, `clock`, `voltage`, `gpu` (the split memory). */
import * as z from "zod/mini";
import { text } from "../limits.ts";
import { gauge } from "../measure.ts";

/** Data of a `throttle` envelope: conditions now, and whether they occurred since boot. */
export const throttle = z.object({
  undervoltage: z.optional(z.boolean()),
  arm_freq_capped: z.optional(z.boolean()),
  throttled: z.optional(z.boolean()),
  soft_temp_limit: z.optional(z.boolean()),
  undervoltage_occurred: z.optional(z.boolean()),
  freq_cap_occurred: z.optional(z.boolean()),
  throttled_occurred: z.optional(z.boolean()),
  soft_temp_occurred: z.optional(z.boolean()),
  /** Why the firmware could not be asked, and what to grant; then only what sysfs says is here. */
  denied: z.optional(text()),
});

const hertz = (what: string, field: string) =>
  z.optional(
    gauge({ unit: "Hz", help: `Clock of the ${what}.`, prometheus: `spectra_clock_${field}_hertz` }),
  );

/** Data of a `clock` envelope. */
export const clock = z.object({
  arm_freq_hz: hertz("processor", "arm"),
  core_freq_hz: hertz("GPU core", "core"),
  gpu_freq_hz: hertz("3D block", "gpu"),
});

const volts = (what: string, field: string) =>
  z.optional(
    gauge({
      unit: "V",
      help: `Voltage of the ${what}.`,
      prometheus: `spectra_voltage_${field}_volts`,
      otel: "hw.voltage",
    }),
  );

/** Data of a `voltage` envelope. */
export const voltage = z.object({
  core_volts: volts("GPU core", "core"),
  sdram_c_volts: volts("memory core", "sdram_c"),
  sdram_i_volts: volts("memory I/O", "sdram_i"),
  sdram_p_volts: volts("memory physical layer", "sdram_p"),
});

/** Data of a `gpu` envelope. */
export const gpu = z.object({
  gpu_mem_total: z.optional(
    gauge({
      unit: "By",
      help: "Memory split off for the GPU.",
      prometheus: "spectra_gpu_split_memory_bytes",
      otel: "hw.gpu.memory.limit",
    }),
  ),
  gpu_mem_used: z.optional(
    gauge({
      unit: "By",
      help: "Of it in use.",
      prometheus: "spectra_gpu_split_memory_used_bytes",
      otel: "hw.gpu.memory.usage",
    }),
  ),
});
