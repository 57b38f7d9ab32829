/** Security: `security_counts` and `security_event_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge } from "../measure.ts";
import { timestampSchema } from "../timestamp.ts";

/** Kinds of events. */
export const securityKinds = [
  "login_accepted",
  "login_failed",
  "brute_force",
  "privilege_used",
  "privilege_refused",
  "user_added",
  "user_removed",
  "admin_added",
  "admin_removed",
  "sudoers_changed",
  "key_added",
  "key_removed",
  "setuid_added",
] as const;

/** Name of a kind of events. */
export type SecurityKind = (typeof securityKinds)[number];

const ofKind = (kind: SecurityKind, help: string) =>
  z.optional(counter({ unit: "{event}", help, prometheus: `spectra_security_events_total{kind="${kind}"}` }));

/** Data of a `security_counts` envelope: what happened since the agent started. */
export const securityCounts = z.object({
  login_accepted: ofKind("login_accepted", "Logins."),
  login_failed: ofKind("login_failed", "Failed attempts to log in."),
  brute_force: ofKind("brute_force", "Times that a source began to fail to log in again and again."),
  privilege_used: ofKind("privilege_used", "Uses of sudo and su."),
  privilege_refused: ofKind("privilege_refused", "Refusals by sudo and su."),
  user_added: ofKind("user_added", "Users added."),
  user_removed: ofKind("user_removed", "Users removed."),
  admin_added: ofKind("admin_added", "Users who became members of a group with administrative rights."),
  admin_removed: ofKind("admin_removed", "Users who left such a group."),
  sudoers_changed: ofKind("sudoers_changed", "Changes of files that say who may use sudo."),
  key_added: ofKind("key_added", "Keys added that may log in."),
  key_removed: ofKind("key_removed", "Keys removed that could log in."),
  setuid_added: ofKind("setuid_added", "Programs that began to run with another user's or group's rights."),
  suppressed: z.optional(counter({
    unit: "{event}",
    help: "Events counted and not sent, because there were too many.",
    prometheus: "spectra_security_suppressed_events_total",
  })),
  lag_bytes: z.optional(gauge({
    unit: "By",
    help: "Bytes of the authentication log that wait to be read.",
    prometheus: "spectra_security_lag_bytes",
  })),
  /** Where logins are read from: a path, or `journal`. */
  login_source: z.optional(text()),
  /** What can't be read, in words. */
  problem: z.optional(text(4096)),
});

/** One thing that happened, or `count` of the same. */
export const securityEvent = z.object({
  kind: z.enum(securityKinds),
  timestamp: timestampSchema,
  user: z.optional(text()),
  /** Address that it came from. */
  source: z.optional(text()),
  /** `sshd`, `sudo`, `su`, `login` … */
  service: z.optional(text()),
  count: counter({
    unit: "{event}",
    help: "How often it happened since the collection before.",
    prometheus: "spectra_security_event_count",
  }),
  detail: z.optional(text(4096)),
});

/** Data of a `security_event_list` envelope: events since the collection before. */
export const securityEventList = z.object({
  events: z.array(securityEvent).check(z.maxLength(limits.listLength)),
});
