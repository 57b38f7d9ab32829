/** Files that are whole or not there: written beside, synced, renamed. */
import { dirname } from "node:path";

/** How {@linkcode writeFileAtomic} makes the file. */
export interface AtomicFileOptions {
  /** Permission bits; 0o600 by default. Ignored on Windows. */
  readonly mode?: number;
}

/**
 * Replaces `path` by `contents` so that a crash leaves the old or the new file, never a part of one.
 *
 * @throws When the folder can't be written to; the message names the path.
 */
export async function writeFileAtomic(
  path: string,
  contents: string | Uint8Array,
  options: AtomicFileOptions = {},
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const file = await Deno.open(temporary, { write: true, createNew: true, mode: options.mode ?? 0o600 });
    try {
      const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
      for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {}); // Best effort: the cause says what really failed.
    throw new Error(`Cannot write ${path}`, { cause });
  }
}

/**
 * {@linkcode writeFileAtomic} for the end of a process, when nothing waits any more.
 *
 * @throws When the folder can't be written to; the message names the path.
 */
export function writeFileAtomicSync(path: string, contents: string, options: AtomicFileOptions = {}): void {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    {
      using file = Deno.openSync(temporary, { write: true, createNew: true, mode: options.mode ?? 0o600 });
      const bytes = new TextEncoder().encode(contents);
      for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
      file.syncSync();
    }
    Deno.renameSync(temporary, path);
    if (Deno.build.os === "windows") return;
    using directory = Deno.openSync(dirname(path), { read: true });
    directory.syncSync();
  } catch (cause) {
    try {
      Deno.removeSync(temporary);
    } catch {
      // Best effort: the cause says what really failed.
    }
    throw new Error(`Cannot write ${path}`, { cause });
  }
}

/** Makes a rename durable. Windows has no such call for folders; there the rename itself is journalled. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  const directory = await Deno.open(path, { read: true });
  try {
    await directory.sync();
  } finally {
    directory.close();
  }
}
