/** Login sessions: from systemd-logind, and from `utmp`, which distributions are giving up (it ends in 2038). */
import { type HostFs, isDirectory, readText } from "../../lib/host_fs.ts";
import type { UtmpRecord } from "../utmp.ts";
import { parseUtmp } from "./utmp.ts";

/** A session as logind keeps it: `KEY=VALUE` lines, and the name of the file (systemd: `src/login/logind-session.c`). */
export interface LogindSession {
  readonly id: string;
  readonly values: ReadonlyMap<string, string>;
}

/** Most sessions that are read. */
const mostSessions = 10_000;

/**
 * Number of login sessions; `undefined` where the host's `/run` can't be seen. A host that records no session has none, as `who`
 * says of it.
 */
export function readLogins(fs: HostFs): number | undefined {
  const run = runFolder(fs);
  if (run === undefined) return undefined;
  return readUtmp(run)?.length ?? readSessions(run).length;
}

/** `/run` of the host; `undefined` where it can't be seen. */
export function runFolder(fs: HostFs): string | undefined {
  // `/var/run` is a link to `/run` that would lead out of a mounted tree; it is a folder of its own only where there is no `/run`.
  return ["/run", "/var/run"].map((path) => fs.root(path)).find(isDirectory);
}

/** The logins in `utmp`; `undefined` where there is none, or in no known form. */
export function readUtmp(run: string): UtmpRecord[] | undefined {
  const utmp = readBytes(`${run}/utmp`);
  return utmp === undefined ? undefined : parseUtmp(utmp);
}

/** Sessions of users at logind: one file for each, and `….ref` pipes beside them. Greeters and user managers are no logins. */
export function readSessions(run: string): LogindSession[] {
  const folder = `${run}/systemd/sessions`;
  const sessions: LogindSession[] = [];
  if (!isDirectory(folder)) return sessions;
  for (const { name } of Deno.readDirSync(folder)) {
    if (name.endsWith(".ref")) continue;
    const values = new Map<string, string>();
    for (const line of (readText(`${folder}/${name}`) ?? "").split("\n")) {
      const equals = line.indexOf("=");
      if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1));
    }
    if (values.get("CLASS")?.startsWith("user") === true) sessions.push({ id: name, values });
    if (sessions.length === mostSessions) break;
  }
  return sessions;
}

function readBytes(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined; // Many hosts have no utmp.
  }
}
