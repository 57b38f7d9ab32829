/** What can be set for the `services` collector. */
import * as z from "zod/mini";

const patterns = z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(256));

/** Settings of the `services` collector. */
export const servicesSettings = z.object({
  /** Names with `*` and `?` that are listed; all when empty. */
  include: z._default(patterns, []),
  /** Names with `*` and `?` that are left out. */
  exclude: z._default(patterns, []),
  /** Types of units: `service`, `socket`, `timer`, `mount` … */
  types: z._default(
    z.array(z.string().check(z.regex(/^[a-z]{1,32}$/))).check(z.minLength(1), z.maxLength(16)),
    ["service"],
  ),
});

/** They, parsed. */
export type ServicesSettings = z.infer<typeof servicesSettings>;
