/**
 * Which process holds a socket: the one with a descriptor that links to `socket:[<inode>]` (proc_pid_fd(5)).
 *
 * Looking through every descriptor of every process is the expensive part, so it is done for sockets that are new only. A socket
 * that is known costs one link; one whose process can't be found is not looked for again for a while.
 */
import { sleep } from "../../lib/clock.ts";
import { readLink, readText } from "../../lib/host_fs.ts";
import { cgroupOfProcess, identifyCgroup } from "../cgroup_path.ts";
import type { Host } from "../collector.ts";

/** A process that holds a socket. */
export interface Owner {
  readonly pid: number;
  readonly name?: string;
  readonly unit?: string;
}

/** What a search gave. */
export interface Owners {
  readonly byInode: ReadonlyMap<number, Owner>;
  /** True when processes that may hold some of the sockets could not be looked into. */
  readonly incomplete: boolean;
}

const searchAgainAfterMs = 600_000;
/** Processes looked through before others get their turn. */
const processesPerTurn = 500;

interface Known {
  readonly owner: Owner;
  /** Path of the descriptor. */
  readonly link: string;
}

/** Makes a search that remembers. `isRoot`: whether this process sees everybody's processes. */
export function ownersReader(
  host: Host,
  isRoot: boolean = Deno.uid() === 0,
): (inodes: readonly number[]) => Promise<Owners> {
  const known = new Map<number, Known>();
  const unknownUntil = new Map<number, number>();
  let anyDenied = false;

  function forget(inodes: ReadonlySet<number>): void {
    const nowMs = host.clock.monotonicMs();
    for (const [inode, { link }] of known) {
      if (!inodes.has(inode) || readLink(link) !== `socket:[${inode}]`) known.delete(inode);
    }
    for (const [inode, untilMs] of unknownUntil) {
      if (!inodes.has(inode) || nowMs >= untilMs) unknownUntil.delete(inode);
    }
  }

  /** Looks for `wanted`, taking what it finds out of it. */
  async function search(wanted: Set<number>): Promise<void> {
    anyDenied = false;
    let looked = 0;
    for (const pid of processesOf(host)) {
      if (wanted.size === 0) return;
      if (++looked % processesPerTurn === 0) await sleep(host.clock, 0);
      const folder = host.fs.proc(`${pid}/fd`);
      let owner: Owner | undefined;
      for (const descriptor of namesIn(folder)) {
        const link = `${folder}/${descriptor}`;
        const inode = Number(/^socket:\[(\d+)\]$/.exec(readLink(link) ?? "")?.[1]);
        if (!wanted.delete(inode)) continue;
        owner ??= describe(host, pid);
        known.set(inode, { owner, link });
      }
    }
  }

  function namesIn(folder: string): string[] {
    try {
      return Array.from(Deno.readDirSync(folder), ({ name }) => name);
    } catch (error) {
      if (error instanceof Deno.errors.PermissionDenied) anyDenied = true;
      return []; // Not ours to see, or gone meanwhile.
    }
  }

  return async (inodes) => {
    const present = new Set(inodes.filter((inode) => inode !== 0));
    forget(present);
    const wanted = new Set([...present].filter((inode) => !known.has(inode) && !unknownUntil.has(inode)));
    if (wanted.size > 0) await search(wanted);
    for (const inode of wanted) unknownUntil.set(inode, host.clock.monotonicMs() + searchAgainAfterMs);
    return {
      byInode: new Map([...known].map(([inode, { owner }]) => [inode, owner])),
      incomplete: unknownUntil.size > 0 && (anyDenied || !isRoot),
    };
  };
}

/** Process numbers in ascending order, the first process last: it also holds what it hands to services (socket activation). */
function processesOf(host: Host): number[] {
  const folder = host.fs.proc("");
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch (cause) {
    throw new Error(`Cannot list the processes in ${folder}`, { cause });
  }
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b);
  return [...pids.filter((pid) => pid !== 1), ...pids.filter((pid) => pid === 1)];
}

function describe(host: Host, pid: number): Owner {
  const name = readText(host.fs.proc(`${pid}/comm`));
  const group = cgroupOfProcess(readText(host.fs.proc(`${pid}/cgroup`)) ?? "");
  const unit = group === undefined ? undefined : identifyCgroup(group).unit;
  return { pid, ...(name === undefined ? {} : { name }), ...(unit === undefined ? {} : { unit }) };
}
