/** Login sessions: from `utmp`, or where distributions have given it up (it ends in 2038) from systemd-logind. */
import { type HostFs, readText } from "../../lib/host_fs.ts";
import { countLogins } from "./parse.ts";

/**
 * Number of login sessions; `undefined` where the host's `/run` can't be seen. A host that records no session has none, as `who`
 * says of it.
 */
export function readLogins(fs: HostFs): number | undefined {
  // `/var/run` is a link to `/run` that would lead out of a mounted tree; it is a folder of its own only where there is no `/run`.
  const run = ["/run", "/var/run"].map((path) => fs.root(path)).find(isDirectory);
  if (run === undefined) return undefined;
  const utmp = readBytes(`${run}/utmp`);
  return (utmp === undefined ? undefined : countLogins(utmp)) ?? countSessions(`${run}/systemd/sessions`);
}

/** systemd keeps one file for each session, and `….ref` pipes beside them. Greeters and user managers are no logins. */
function countSessions(folder: string): number {
  if (!isDirectory(folder)) return 0;
  let count = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".ref") && /^CLASS=user/m.test(readText(`${folder}/${name}`) ?? "")) count++;
  }
  return count;
}

function readBytes(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined; // Many hosts have no utmp.
  }
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // An answer, not a failure.
  }
}
