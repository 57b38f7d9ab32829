/** The server's data directory: made private, and used by one process at a time. */
import { join } from "node:path";

/** Makes a folder that only its owner can look into, with those above it, where it is absent. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Error(`Cannot make the directory ${path}`, { cause });
  }
}

/**
 * Claims a data directory until `release` is called or the process ends, however it ends: the operating system holds the
 * lock, so nothing is left behind to clean up.
 *
 * @throws When another server has it.
 */
export async function claimDataDirectory(path: string): Promise<{ release(): void }> {
  const lockPath = join(path, "lock");
  const file = await Deno.open(lockPath, { create: true, write: true, mode: 0o600 });
  if (await file.tryLock(true)) return { release: () => file.close() };
  file.close();
  throw new Error(
    `The data directory ${path} is in use by another server: stop that one, or name another directory`,
  );
}
