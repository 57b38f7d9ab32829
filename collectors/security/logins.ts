/**
 * From messages to logins: one finding for each attempt, and one when a source fails again and again.
 *
 * sshd announces an unknown user (`Invalid user …`), then says `Failed password for invalid user …`: the first of these from the
 * same process is the attempt that was announced.
 */
import type { Finding } from "./event.ts";
import { type AuthMessage, readLoginMessage } from "./login_messages.ts";

/** From when on a source is said to try by force. */
export interface BruteForceSettings {
  readonly attempts: number;
  readonly minutes: number;
}

/** Makes findings of messages. */
export interface Logins {
  /** What a message means. */
  read(message: AuthMessage): Finding[];
  /** Counts a failure that was learnt of otherwise, too. */
  add(finding: Finding): Finding[];
}

/** Connections and sources that are remembered; the oldest are forgotten first. */
const maxRemembered = 10_000;

interface Attempts {
  /** When each failed, oldest first. */
  times: number[];
  isReported: boolean;
}

/** Makes it; nothing is remembered yet. */
export function loginsOf({ attempts, minutes }: BruteForceSettings): Logins {
  /** Processes of sshd that announced an attempt. */
  const announced = new Map<number, true>();
  const bySource = new Map<string, Attempts>();
  const windowMs = minutes * 60_000;

  /** The finding that `source` tries by force, when this failure makes it so; once until it pauses for the whole window. */
  function bruteForce(finding: Finding): Finding[] {
    const { source, timestampMs, count = 1 } = finding;
    if (finding.kind !== "login_failed" || source === undefined) return [];
    const known = bySource.get(source) ?? { times: [], isReported: false };
    bySource.delete(source);
    bySource.set(source, known);
    forgetOldest(bySource);
    known.times = known.times.filter((time) => time > timestampMs - windowMs);
    if (known.times.length === 0) known.isReported = false;
    for (let time = 0; time < Math.min(count, attempts); time++) known.times.push(timestampMs);
    known.times = known.times.slice(-attempts);
    if (known.isReported || known.times.length < attempts) return [];
    known.isReported = true;
    const detail = `${attempts} or more failed logins within ${minutes} minutes`;
    return [{
      kind: "brute_force",
      timestampMs,
      source,
      detail,
      ...(finding.service === undefined ? {} : { service: finding.service }),
    }];
  }

  function isAnnounced(pid: number | undefined, attempt: "begun" | "continued" | undefined): boolean {
    if (pid === undefined || attempt === undefined) return false;
    if (attempt === "continued") return announced.delete(pid);
    announced.set(pid, true);
    forgetOldest(announced);
    return false;
  }

  const add = (finding: Finding) => [finding, ...bruteForce(finding)];

  return {
    read(message) {
      const fact = readLoginMessage(message);
      if (fact === undefined) return [];
      const { attempt, ...rest } = fact;
      return isAnnounced(message.pid, attempt) ? [] : add({ ...rest, timestampMs: message.timestampMs });
    },
    add,
  };
}

function forgetOldest(map: Map<unknown, unknown>): void {
  if (map.size <= maxRemembered) return;
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
