/** Security: logins, attempts by force, and changes of who and what may do more than others. */
import * as z from "zod/mini";
import { type CollectorDefinition, withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxSecurity } from "./linux.ts";

const bruteForceDefaults = { attempts: 10, minutes: 5 };

/** Settings below `collectors.security`. */
const settings = z.object({
  /** A source that fails this often within so many minutes is reported. */
  brute_force: z._default(
    z.object({
      attempts: z._default(z.int().check(z.minimum(2), z.maximum(1_000)), bruteForceDefaults.attempts),
      minutes: z._default(z.int().check(z.minimum(1), z.maximum(1_440)), bruteForceDefaults.minutes),
    }),
    bruteForceDefaults,
  ),
});

/** The `security` collector. */
export const securityDefinition: CollectorDefinition = withSettings({
  name: "security",
  summary: "Logins and failed ones, attempts by force, new users, administrators, keys and setuid programs",
  types: ["security_counts", "security_event_list"],
  intervalSeconds: 10,
  deadlineMs: 10_000,
  settings,
  detect: linuxOnly,
  create: linuxSecurity,
});
