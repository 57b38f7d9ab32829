/** Names of users, from `/etc/passwd` (passwd(5)): `name:password:number:…` a line. Other sources (LDAP, sssd) are not asked. */
import type { Clock } from "../../lib/clock.ts";

/** Larger files are not read: nobody keeps so many users in one. */
const mostBytes = 8 * 1024 * 1024;
/** How long a number without a name is not looked for again. */
const retryAfterMs = 60_000;

/** Names by user number; lines that are none are left out. The first of several names of a number counts, as in getpwuid(3). */
export function parsePasswd(text: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name, , number] = line.split(":", 3);
    if (name === undefined || name === "" || number === undefined || !/^\d+$/.test(number)) continue;
    if (!names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}

/** Gives the name of a user number, or the number itself where the host has no name for it. The file at `path` is kept in memory. */
export function userNames(path: string, clock: Clock): (uid: number) => string {
  let names: ReadonlyMap<number, string> = new Map();
  let readAtMs = -Infinity;
  return (uid) => {
    if (!names.has(uid) && clock.monotonicMs() - readAtMs >= retryAfterMs) {
      readAtMs = clock.monotonicMs();
      names = readPasswd(path);
    }
    return names.get(uid) ?? String(uid);
  };
}

function readPasswd(path: string): ReadonlyMap<number, string> {
  try {
    return Deno.statSync(path).size > mostBytes ? new Map() : parsePasswd(Deno.readTextFileSync(path));
  } catch {
    return new Map(); // A container or a captured tree may have none: numbers say enough.
  }
}
