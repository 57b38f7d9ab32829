/** What can be chosen of the disk collector. */
import * as z from "zod/mini";

/** Settings below `collectors.disk`. */
export const diskSettings = z.object({
  cache_seconds: z._default(z.number().check(z.minimum(0), z.maximum(86_400)), 0).check(
    z.describe(
      "How long the sizes of a file system on a local disk stand before it is asked again, so that a sleeping disk stays " +
        "asleep; 0 asks every time.",
    ),
  ),
});

/** Parsed settings. */
export type DiskSettings = z.infer<typeof diskSettings>;
