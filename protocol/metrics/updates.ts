/** Updates that wait to be installed: `update_list`. */
import * as z from "zod/mini";
import { text } from "../limits.ts";
import { gauge, state } from "../measure.ts";

/** Most updates that are listed; all are counted. */
export const maxUpdates = 1_000;

/** One package for which a newer version is known. */
export const update = z.object({
  name: text(),
  version: z.optional(text()),
  available_version: z.optional(text()),
  architecture: z.optional(text()),
  /** Where it comes from: suite or repository. */
  origin: z.optional(text()),
  /** True when it closes a security hole; absent where the package manager does not say. */
  security: z.optional(z.boolean()),
});

/** Data of an `update_list` envelope: what the package manager knows from its last refresh. */
export const updateList = z.object({
  /** `apt`, `dnf`, `zypper`, `pacman` or `apk`. */
  manager: text(),
  pending: z.optional(gauge({
    unit: "{package}",
    help: "Packages for which a newer version is known.",
    prometheus: "spectra_updates_pending",
  })),
  security_pending: z.optional(gauge({
    unit: "{package}",
    help:
      "Of them those that close a security hole (zypper: patches); absent where the package manager does not say.",
    prometheus: "spectra_updates_security_pending",
  })),
  last_refresh: z.optional(state({
    unit: "s",
    help: "When the package lists were last refreshed, Unix time.",
    prometheus: "spectra_updates_last_refresh_timestamp_seconds",
  })),
  updates: z.array(update).check(z.maxLength(maxUpdates)),
});
