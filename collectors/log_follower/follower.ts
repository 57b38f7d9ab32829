/**
 * Follows the files of one pattern: what is appended is given once, through rotation, truncation and restarts.
 *
 * - A file is its inode, not its name: renamed, it is read to its end from the handle that is open, and while its name is gone it
 *   is finished once it has not grown for two readings. A file that appears at the name is read from its start.
 * - A file that shrank, or does not begin as it did, was truncated (`copytruncate`): the rest of what it held is looked for in
 *   the copy beside it, then it is read from its start.
 * - After a restart a file is known by its inode and its fingerprint; one that was rotated in between is looked for under the
 *   names that rotation gives, and files that came and went in between are read whole.
 * - A pattern followed for the first time begins at the ends of its files.
 *
 * Lost, because nobody can know them: lines truncated away before they were read and not copied, and rotated files that were
 * compressed or deleted before they were read. Read twice: a file copied and not yet truncated at the instant of a reading, where
 * the pattern also names the copy.
 */
import { basename, dirname } from "node:path";
import { errorChain, logger } from "../../lib/log.ts";
import {
  beginsAs,
  type Fingerprint,
  fingerprintBytes,
  fingerprintOf,
  isDistinctive,
  noFingerprint,
} from "./fingerprint.ts";
import { expandGlob, type FoundFile, infoOf, namesIn, rotatedNames } from "./glob.ts";
import type { FilePosition } from "./positions.ts";
import type { Take } from "./take.ts";

const log = logger("collectors", "log_follower");

/** What a follower is made of. */
export interface FollowOptions {
  readonly pattern: string;
  /** Resolves host paths. */
  root(path: string): string;
  /** Where an earlier run stopped; `undefined` when the pattern was not followed before. */
  readonly saved: readonly FilePosition[] | undefined;
  readonly take: Take;
  /** What is read into; followers that never read at the same time share one. Also the bound of a line without a break. */
  readonly buffer: Uint8Array;
  /** False when this reading has taken enough time: what is left waits for the next. */
  mayGoOn(): boolean;
}

/** Follows files. */
export interface FileFollower {
  /** Gives what was appended, at most 4 MiB of each file; one call at a time. */
  read(): Promise<void>;
  /** What could not be read at the last reading, in words; `undefined` when all went well. */
  problem(): string | undefined;
  /** Bytes that were there at the last reading and wait for the next. */
  lagBytes(): number;
  /** Where each file stands: everything before was given. Before the first reading, what was saved. */
  positions(): readonly FilePosition[] | undefined;
  close(): void;
}

/** Most bytes of one file in one reading. */
const maxBytesPerFile = 4 * 1024 * 1024;
/** Readings without growth after which a file without a name is finished. */
const quietReadings = 2;

interface Followed {
  path: string;
  readonly inode: number;
  readonly file: Deno.FsFile;
  offset: number;
  discarding: boolean;
  fingerprint: Fingerprint;
  size: number;
  modifiedMs: number;
  /** Readings without growth since the name is gone; `undefined` while it is there. */
  quiet: number | undefined;
}

/** A file as it was when it was last read. */
type Earlier = Pick<Followed, "path" | "inode" | "offset" | "discarding" | "fingerprint">;

/** Makes a follower; nothing is opened before the first reading. */
export function followFiles({ pattern, root, saved, take, buffer, mayGoOn }: FollowOptions): FileFollower {
  /** By device and inode, in the order in which they are read. */
  const files = new Map<string, Followed>();
  let isFirst = true;
  let problem: string | undefined;

  /** The file at a host path; `undefined` when it can't be opened. */
  async function open(path: string): Promise<Deno.FsFile | undefined> {
    try {
      return await Deno.open(root(path));
    } catch (error) {
      // Rotated since it was found: the next reading sees it.
      if (!(error instanceof Deno.errors.NotFound)) problem = `Cannot open ${path}: ${errorChain(error)}`;
      return undefined;
    }
  }

  async function follow(path: string, info: Deno.FileInfo, from: Omit<Earlier, "path" | "inode">) {
    const file = await open(path);
    if (file === undefined) return;
    files.set(keyOf(info), {
      path,
      inode: info.ino ?? 0,
      file,
      offset: from.offset,
      discarding: from.discarding,
      fingerprint: from.fingerprint,
      size: -1,
      modifiedMs: -1,
      quiet: undefined,
    });
  }

  const fromStart = { offset: 0, discarding: false, fingerprint: noFingerprint };

  /** Follows a file from its end. Where that is inside a line, the rest of the line is nothing to give. */
  async function followFromEnd({ path, info }: FoundFile): Promise<void> {
    await follow(path, info, { ...fromStart, offset: info.size });
    const followed = files.get(keyOf(info));
    if (followed === undefined || info.size === 0) return;
    const last = new Uint8Array(1);
    await followed.file.seek(info.size - 1, Deno.SeekMode.Start);
    await followed.file.read(last);
    followed.discarding = last[0] !== 0x0a;
    await extendFingerprint(followed);
  }

  /** Goes on where an earlier run stopped. */
  async function resume(found: readonly FoundFile[], positions: readonly FilePosition[]): Promise<void> {
    const left = new Set(positions);
    const fresh: FoundFile[] = [];
    for (const one of found) {
      const known = await knownAs(one, left);
      if (known === undefined) fresh.push(one);
      else {
        left.delete(known);
        await follow(one.path, one.info, known);
      }
    }
    for (const path of new Set([...left].map((position) => position.path))) {
      const earlier = [...left].filter((position) => position.path === path);
      await recover(path, earlier, fresh.some((one) => one.path === path));
    }
    for (const one of fresh) await followNew(one);
  }

  /** The position of the file `found`, where it is one of those. */
  async function knownAs(found: FoundFile, positions: Iterable<FilePosition>) {
    for (const position of positions) {
      if (position.inode !== found.info.ino || found.info.size < position.offset) continue;
      if (await fileBeginsAs(found.path, position.fingerprint)) return position;
    }
    return undefined;
  }

  async function fileBeginsAs(path: string, fingerprint: Fingerprint): Promise<boolean> {
    using file = await open(path);
    return file !== undefined && await beginsAs(file, fingerprint);
  }

  /**
   * Follows what `path` held before, under the names that rotation gave: the rest of each of `earlier` that is not open still, and
   * with `andLater` the files rotated after them, which nobody has read.
   */
  async function recover(path: string, earlier: readonly Earlier[], andLater: boolean): Promise<void> {
    const folder = dirname(path);
    const siblings: FoundFile[] = [];
    for (const name of rotatedNames(basename(path), await namesIn(root(folder)))) {
      const info = await infoOf(root(`${folder}/${name}`));
      if (info?.isFile) siblings.push({ path: `${folder}/${name}`, info });
    }
    let newest = -1;
    for (const one of earlier) {
      const index = await indexOf(one, siblings);
      newest = Math.max(newest, index);
      const sibling = siblings[index];
      if (sibling !== undefined) {
        if (!files.has(keyOf(sibling.info))) await follow(sibling.path, sibling.info, one);
      } else if (![...files.values()].some((followed) => followed.inode === one.inode)) {
        log.warning(
          "{path} was replaced, and what it held is not beside it: lines after byte {offset} may be lost",
          {
            path,
            offset: one.offset,
          },
        );
      }
    }
    if (!andLater || newest === -1) return;
    for (const { path, info } of siblings.slice(newest + 1)) {
      if (!files.has(keyOf(info))) await follow(path, info, fromStart);
    }
  }

  /** Which of `siblings` is the file: the same inode, else a copy. */
  async function indexOf(earlier: Earlier, siblings: readonly FoundFile[]): Promise<number> {
    const fits = async ({ path, info }: FoundFile) =>
      info.size >= earlier.offset && await fileBeginsAs(path, earlier.fingerprint);
    for (const [index, sibling] of siblings.entries()) {
      if (sibling.info.ino === earlier.inode && await fits(sibling)) return index;
    }
    if (!isDistinctive(earlier.fingerprint)) return -1;
    for (let index = siblings.length - 1; index >= 0; index--) {
      const sibling = siblings[index];
      if (sibling !== undefined && await fits(sibling)) return index;
    }
    return -1;
  }

  /** Follows a file that was not there before: from its start, unless it is the copy of one that is followed. */
  async function followNew({ path, info }: FoundFile): Promise<void> {
    if (files.has(keyOf(info))) return;
    for (const original of files.values()) {
      if (!isDistinctive(original.fingerprint) || info.size < original.offset) continue;
      if (rotatedNames(original.path, [path]).length === 0) continue;
      if (await fileBeginsAs(path, original.fingerprint)) return await follow(path, info, original);
    }
    await follow(path, info, fromStart);
  }

  async function begin(found: readonly FoundFile[]): Promise<void> {
    close(); // What an attempt before has opened.
    if (saved !== undefined) return await resume(found, saved);
    for (const one of found) await followFromEnd(one);
  }

  function close(): void {
    for (const { file } of files.values()) file.close();
    files.clear();
  }

  /** Takes note of which names stand for which files now. */
  async function look(found: readonly FoundFile[]): Promise<void> {
    const fresh: FoundFile[] = [];
    const named = new Set<Followed>();
    for (const one of found) {
      const followed = files.get(keyOf(one.info));
      if (followed === undefined) fresh.push(one);
      else {
        named.add(followed);
        followed.path = one.path;
        followed.quiet = undefined;
      }
    }
    const known = [...files.values()];
    for (const followed of known) if (!named.has(followed)) followed.quiet ??= 0;
    for (const one of fresh) {
      const before = known.filter((followed) => followed.path === one.path && !named.has(followed));
      if (before.length > 0) await recover(one.path, before, true);
      await followNew(one);
    }
  }

  async function readFile(key: string, followed: Followed): Promise<void> {
    const { file } = followed;
    const info = await file.stat();
    const modifiedMs = info.mtime?.getTime() ?? 0;
    const isChanged = info.size !== followed.size || modifiedMs !== followed.modifiedMs;
    if (isChanged && (info.size < followed.offset || !await beginsAs(file, followed.fingerprint))) {
      const before = { ...followed };
      Object.assign(followed, fromStart);
      await recover(followed.path, [before], true);
    }
    if (info.size > followed.size) followed.quiet &&= 0;
    followed.size = info.size;
    followed.modifiedMs = modifiedMs;
    const isAtEnd = isChanged || followed.offset < info.size ? await readOn(followed) : true;
    if (followed.quiet === undefined || !isAtEnd) return;
    if (++followed.quiet <= quietReadings || !await readOn(followed, true)) return;
    file.close();
    files.delete(key);
  }

  /** Reads on within the bounds of one reading; true when all is taken but a line that is not whole. */
  async function readOn(followed: Followed, finished = false): Promise<boolean> {
    const { file, size } = followed;
    const end = Math.min(size, followed.offset + maxBytesPerFile);
    let isAtEnd = false;
    while (!isAtEnd && followed.offset < end && mayGoOn()) {
      await file.seek(followed.offset, Deno.SeekMode.Start);
      const count = await file.read(buffer) ?? 0;
      const full = count === buffer.length;
      const { discarding } = followed;
      const taken = take(buffer.subarray(0, count), { discarding, full, finished: finished && !full });
      followed.offset += taken.bytes;
      followed.discarding = taken.discarding;
      isAtEnd = taken.bytes === 0;
    }
    if (followed.fingerprint.bytes < Math.min(fingerprintBytes, followed.offset)) {
      await extendFingerprint(followed);
    }
    return isAtEnd || followed.offset >= size;
  }

  return {
    async read() {
      problem = undefined;
      const found = await expandGlob(pattern, root);
      if (isFirst) await begin(found);
      else await look(found);
      isFirst = false;
      // A file that is added while they are read comes before the one that it was found for only in time: order is kept per file.
      for (const [key, followed] of files) {
        try {
          await readFile(key, followed);
        } catch (error) {
          problem = `Cannot read ${followed.path}: ${errorChain(error)}`;
        }
      }
    },
    problem: () => problem,
    lagBytes: () =>
      [...files.values()].reduce((sum, { size, offset }) => sum + Math.max(0, size - offset), 0),
    positions: () => {
      if (isFirst) return saved;
      return [...files.values()].map(({ path, inode, offset, discarding, fingerprint }) => ({
        path,
        inode,
        offset,
        discarding,
        fingerprint,
      }));
    },
    close,
  };
}

async function extendFingerprint(followed: Followed): Promise<void> {
  const bytes = Math.min(fingerprintBytes, followed.offset);
  followed.fingerprint = await fingerprintOf(followed.file, bytes) ?? followed.fingerprint;
}

function keyOf({ dev, ino }: Deno.FileInfo): string {
  return `${dev}:${ino}`;
}
