/** Who is logged in: `session_list`. */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { state } from "../measure.ts";

/** One login session. */
export const session = z.object({
  /** The session manager's name for it, or the terminal where only `utmp` tells of it. */
  id: text(),
  user: z.optional(text()),
  /** Terminal, e.g. `pts/0`. */
  tty: z.optional(text()),
  /** Where it came from, of a remote one. */
  remote_host: z.optional(text()),
  /** What let the user in: `sshd`, `login`, `gdm-password` … */
  service: z.optional(text()),
  /** `tty`, `x11`, `wayland`, `mir`, `unspecified`. */
  kind: z.optional(text()),
  /** `online`, `active` (in front of its seat), `closing`. */
  state: z.optional(text()),
  since: z.optional(state({
    unit: "s",
    help: "When the session began, Unix time.",
    prometheus: "spectra_session_since_seconds",
  })),
  leader_pid: z.optional(state({
    unit: "{pid}",
    help: "Process that registered the session.",
    prometheus: "spectra_session_leader_pid",
  })),
});

/** Data of a `session_list` envelope. */
export const sessionList = z.object({
  sessions: z.array(session).check(z.maxLength(limits.listLength)),
});
