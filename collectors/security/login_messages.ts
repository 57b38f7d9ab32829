/**
 * What sshd, sudo, su, login and the display managers write about logins to the authentication log. Names in it are hostile: a user
 * called `root from 10.0.0.1` must not speak for that address, so an address is taken from the end of a message.
 */
import type { Finding } from "./event.ts";

/** A message of the authentication log. */
export interface AuthMessage {
  readonly timestampMs: number;
  readonly process: string;
  readonly pid?: number;
  readonly message: string;
}

/** What a message says, besides when. */
export type LoginFact = Omit<Finding, "timestampMs"> & {
  /** What sshd says of one attempt in two messages: `begun` comes first, `continued` may be the same attempt. */
  readonly attempt?: "begun" | "continued";
};

type Rule = readonly [RegExp, (groups: Readonly<Record<string, string | undefined>>) => LoginFact];

const detailLength = 512;
const from = String.raw`from (?<source>\S+) port \d+`;

const sshRules: readonly Rule[] = [
  [
    new RegExp(String.raw`^Accepted (?<method>\S+) for (?<user>.*) ${from}(?: ssh2)?(?:: (?<key>.*))?$`, "s"),
    ({ method = "", key, ...who }) => ({
      kind: "login_accepted",
      ...who,
      detail: key === undefined ? method : `${method} ${key}`,
    }),
  ],
  [
    new RegExp(
      String.raw`^Failed (?<method>\S+) for invalid user (?<user>.*) ${from}(?: ssh2)?(?:: .*)?$`,
      "s",
    ),
    ({ method = "", ...who }) => ({
      kind: "login_failed",
      ...who,
      detail: `${method}, no such user`,
      attempt: "continued",
    }),
  ],
  [
    new RegExp(String.raw`^Failed (?<method>\S+) for (?<user>.*) ${from}(?: ssh2)?(?:: .*)?$`, "s"),
    ({ method = "", ...who }) => ({ kind: "login_failed", ...who, detail: method }),
  ],
  [
    new RegExp(String.raw`^(?:Invalid|Illegal) user (?<user>.*) from (?<source>\S+)(?: port \d+)?$`, "s"),
    (who) => ({ kind: "login_failed", ...who, detail: "no such user", attempt: "begun" }),
  ],
];

const sudoRules: readonly Rule[] = [
  [
    /^ *(?<user>\S+) : (?<tries>\d+) incorrect password attempts? ; .*COMMAND=(?<command>.*)$/s,
    ({ user, tries, command }) => ({
      kind: "login_failed",
      count: Number(tries),
      detail: `sudo ${command}`,
      ...(user === undefined ? {} : { user }),
    }),
  ],
  [
    /^ *(?<user>\S+) : (?<why>user NOT in sudoers|command not allowed|user NOT authorized on host|a password is required|no tty present.*?) ; .*COMMAND=(?<command>.*)$/s,
    ({ why, command, ...who }) => ({ kind: "privilege_refused", ...who, detail: `${why}: ${command}` }),
  ],
  [
    /^ *(?<user>\S+) : (?:TTY=\S+ ; )?PWD=.* ; USER=(?<target>\S+) ; (?:GROUP=\S+ ; )?(?:ENV=.* ; )?COMMAND=(?<command>.*)$/s,
    ({ target, command, ...who }) => ({ kind: "privilege_used", ...who, detail: `as ${target}: ${command}` }),
  ],
];

const suRules: readonly Rule[] = [
  [
    /^(?<failed>FAILED SU )?\(to (?<target>\S+)\) (?<user>\S+) on \S+$/,
    ({ failed, target, ...who }) => ({
      kind: failed === undefined ? "privilege_used" : "login_failed",
      ...who,
      detail: `as ${target}`,
    }),
  ],
  [
    /^(?<outcome>Successful|FAILED) su for (?<target>\S+) by (?<user>\S+)$/,
    ({ outcome, target, ...who }) => ({
      kind: outcome === "FAILED" ? "login_failed" : "privilege_used",
      ...who,
      detail: `as ${target}`,
    }),
  ],
];

const consoleRules: readonly Rule[] = [
  [
    /^FAILED LOGIN (?:SESSION )?\(\d+\) on '?(?<line>[^' ]+)'?(?: from '?(?<source>[^' ]+)'?)? FOR '?(?<user>[^']*)'?, .*$/i,
    ({ line, ...who }) => ({ kind: "login_failed", ...who, detail: `on ${line}` }),
  ],
  [
    /^(?:(?:ROOT )?LOGIN ON (?<line>\S+)(?: BY (?<user>\S+))?)(?: FROM (?<source>\S+))?$/i,
    ({ line, user = "root", ...who }) => ({ kind: "login_accepted", user, ...who, detail: `on ${line}` }),
  ],
];

/** Services that say nothing better themselves. */
const pamRules: readonly Rule[] = [
  [
    /^pam_\w+\([^)]*:auth\): authentication failure; .*?\brhost=(?<source>\S*)(?: +user=(?<user>.*))?$/s,
    ({ source, ...who }) => ({ kind: "login_failed", ...who, ...(source ? { source } : {}) }),
  ],
  [
    /^pam_unix\([^)]*:session\): session opened for user (?<user>[^( ]+)/,
    (who) => ({ kind: "login_accepted", ...who }),
  ],
];

const displayManagers = /^(gdm|lightdm|sddm|kdm|xdm|lxdm|cockpit|vsftpd|proftpd|xrdp)/;

function rulesOf(service: string): readonly Rule[] {
  if (service === "sshd") return sshRules;
  if (service === "sudo") return sudoRules;
  if (service === "su") return suRules;
  if (service === "login") return consoleRules;
  return displayManagers.test(service) ? pamRules : [];
}

/** rsyslog folds what repeats. */
const folded = /^message repeated (\d{1,6}) times: \[ (.*)\]$/s;

/** What a message says about a login; `undefined` when nothing. */
export function readLoginMessage({ process, message }: AuthMessage): LoginFact | undefined {
  // OpenSSH 9.8 and later serve a connection in a program of its own.
  const service = process.replace(/^.*\//, "").replace(/^sshd-(session|auth)$/, "sshd").replace(
    /^\(|\)$/g,
    "",
  );
  const repeated = folded.exec(message);
  const text = (repeated?.[2] ?? message).trimEnd();
  for (const [pattern, factOf] of rulesOf(service)) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const known = Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
    const fact = factOf(known);
    const count = (fact.count ?? 1) * Number(repeated?.[1] ?? 1);
    return {
      ...fact,
      service,
      ...(count === 1 ? {} : { count }),
      ...(fact.detail === undefined ? {} : { detail: fact.detail.slice(0, detailLength) }),
    };
  }
  return undefined;
}
