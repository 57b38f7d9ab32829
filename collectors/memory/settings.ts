/** What can be chosen of the memory collector. */
import * as z from "zod/mini";

/** What counts as used. */
const usedFormulas = ["available", "free", "without_cache"] as const;

/** Settings below `collectors.memory`. */
export const memorySettings = z.object({
  used: z._default(z.enum(usedFormulas), "available").check(
    z.describe(
      "What counts as used: total minus `available` memory (free of procps 4); total minus `free` memory, caches counted as " +
        "used; or `without_cache`: total minus free, buffers, cache and reclaimable kernel memory, with shared memory left in " +
        "(free before procps 4).",
    ),
  ),
});

/** Parsed settings. */
export type MemorySettings = z.infer<typeof memorySettings>;
