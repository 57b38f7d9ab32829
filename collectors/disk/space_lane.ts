/**
 * Asking file systems for their space when some of them never answer (a dead NFS server, a hung FUSE process).
 *
 * - A mount has at most one call in flight. While that has not returned, the mount is not asked again; when it returns, it is.
 * - At most 8 calls are in flight, 2 of them local and 6 others, so that dead servers cannot keep the host's own disks from
 *   being read, and 24 of the runtime's 32 blocking threads stay free.
 * - A reading ends after 2 s at the latest. What was asked 2 s ago or earlier is then hung; what could not be asked for lack of
 *   a slot is left open.
 */
import { type Clock, sleep } from "../../lib/clock.ts";
import type { FileSystemSpace } from "../../ffi/libc.ts";
import type { FileSystem } from "./file_systems.ts";

/** Asks for the space of the file system at a mount point; `undefined` when it can't be told. It may never settle. */
export type AskSpace = (mountpoint: string) => Promise<FileSystemSpace | undefined>;

/** What is known of one mount's space after a reading. */
export type SpaceAnswer =
  | { readonly status: "answered"; readonly space: FileSystemSpace }
  | { readonly status: "hung"; readonly hungSeconds: number }
  | { readonly status: "unknown" };

/** Reads the space of mounts. */
export interface SpaceLane {
  /** The answers by mount id, after 2 s at the latest. */
  read(fileSystems: readonly FileSystem[]): Promise<ReadonlyMap<number, SpaceAnswer>>;
}

/** A reading's end. */
const answerWithinMs = 2000;
/** After this long a mount is hung. A little less, as a timer may fire a little early. */
const hungAfterMs = 1950;
const slots = { local: 2, remote: 6 } as const;
const lanes = ["local", "remote"] as const;

function laneOf({ backing }: FileSystem): "local" | "remote" {
  return backing === "local" ? "local" : "remote";
}

/** Makes a lane; it remembers the calls that have not returned. */
export function spaceLane(clock: Clock, ask: AskSpace): SpaceLane {
  /** Start of each call in flight by mount id: unlike a path, an id is not given to another mount while a call holds this one. */
  const inFlight = { local: new Map<number, number>(), remote: new Map<number, number>() };

  /** Asks those that wait one after the other, until `signal` says that the reading is over. */
  async function askThem(
    waiting: FileSystem[],
    calls: Map<number, number>,
    answers: Map<number, SpaceAnswer>,
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next === undefined) return;
      calls.set(next.id, clock.monotonicMs());
      try {
        const space = await ask(next.mountpoint);
        if (space !== undefined && !signal.aborted) answers.set(next.id, { status: "answered", space });
      } finally {
        calls.delete(next.id);
      }
    }
  }

  return {
    async read(fileSystems) {
      const answers = new Map<number, SpaceAnswer>();
      const over = new AbortController();
      const workers = lanes.flatMap((lane) => {
        const calls = inFlight[lane];
        const waiting = fileSystems.filter((entry) => laneOf(entry) === lane && !calls.has(entry.id));
        const free = Math.min(slots[lane] - calls.size, waiting.length);
        return Array.from({ length: free }, () => askThem(waiting, calls, answers, over.signal));
      });
      const work = Promise.all(workers);
      work.catch(() => {}); // When a call fails after the reading's end, nobody waits for it any more.
      try {
        await Promise.race([work, sleep(clock, answerWithinMs, over.signal)]);
      } finally {
        over.abort();
      }
      for (const entry of fileSystems) {
        if (answers.has(entry.id)) continue;
        const since = inFlight[laneOf(entry)].get(entry.id);
        const waitedMs = since === undefined ? 0 : clock.monotonicMs() - since;
        const isHung = waitedMs >= hungAfterMs;
        answers.set(
          entry.id,
          isHung ? { status: "hung", hungSeconds: Math.round(waitedMs / 1000) } : { status: "unknown" },
        );
      }
      return answers;
    },
  };
}
