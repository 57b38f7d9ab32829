/** Data directories: for their owner only, proven to take files, used by one process of a kind at a time. */
import { join } from "node:path";

/** Who uses a data directory. A server and an agent may share one: their files differ. */
export type DataDirectoryUser = "server" | "agent";

/**
 * Makes a folder that only its owner can look into, with those above it, where it is absent, and writes a file there for
 * a moment: a full disk, a read-only mount or a foreign folder is met now, not when something has to be kept.
 *
 * @throws When it can't be made or written to; the message says which and where.
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Error(`Cannot make the directory ${path}`, { cause });
  }
  const probe = join(path, `${crypto.randomUUID()}.tmp`);
  try {
    await Deno.writeTextFile(probe, "\n", { createNew: true, mode: 0o600 });
    await Deno.remove(probe);
  } catch (cause) {
    await Deno.remove(probe).catch(() => {}); // Mostly never made: the cause says what really failed.
    throw new Error(`Cannot write to the directory ${path}`, { cause });
  }
}

/**
 * Claims a data directory until `release` is called or the process ends, however it ends: the operating system holds the
 * lock, so nothing is left behind to clean up.
 *
 * @throws When another process of the same kind has it, or nothing can be written there.
 */
export async function claimDataDirectory(
  path: string,
  user: DataDirectoryUser,
): Promise<{ release(): void }> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(join(path, `${user}.lock`), { create: true, write: true, mode: 0o600 });
  } catch (cause) {
    throw new Error(
      `Cannot use the data directory ${path}: make it writable for the user that runs the ${user}, or name another one`,
      { cause },
    );
  }
  if (await file.tryLock(true)) return { release: () => file.close() };
  file.close();
  throw new Error(
    `The data directory ${path} is in use by another ${user}: stop that one, or name another directory with --data DIR`,
  );
}
