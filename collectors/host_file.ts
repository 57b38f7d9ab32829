/**
 * Files of the host that are read at every collection: kept open, parsed as bytes, and named when something is wrong with them.
 */
import type { Clock } from "../lib/clock.ts";
import { keptFile } from "../lib/host_fs.ts";

/** A file that must be there. */
export interface HostFile {
  /**
   * Reads the file and parses it. The bytes are a shared buffer: `parse` must copy what it keeps, and read no other file.
   *
   * @throws When the file can't be read, is empty, or `parse` throws; the message names the file and says what was wrong.
   */
  parse<T>(parse: (bytes: Uint8Array) => T): T;
  close(): void;
}

/** A file that a host may lack. */
export interface OptionalHostFile {
  /** As {@linkcode HostFile.parse}; `undefined` where the host has no such file. */
  parse<T>(parse: (bytes: Uint8Array) => T): T | undefined;
  close(): void;
}

/** Opens `path` at the first use. */
export function hostFile(path: string): HostFile {
  const file = keptFile(path);
  return {
    parse(parse) {
      const bytes = file.read();
      try {
        if (bytes.length === 0) throw new Error("it is empty");
        return parse(bytes);
      } catch (cause) {
        throw new Error(`Cannot parse ${path}: ${cause instanceof Error ? cause.message : cause}`, { cause });
      }
    },
    close: () => file.close(),
  };
}

/** How long a file that was not there is not looked for again: a failed open costs more than a read. */
const absentForMs = 60_000;

/** Like {@linkcode hostFile} for what not every kernel has (PSI), or only with a module (ZFS). */
export function optionalHostFile(path: string, clock: Clock): OptionalHostFile {
  const file = hostFile(path);
  let absentUntil = -Infinity;
  return {
    parse(parse) {
      if (clock.monotonicMs() < absentUntil) return undefined;
      try {
        return file.parse(parse);
      } catch (error) {
        if (!isAbsence(error)) throw error;
        absentUntil = clock.monotonicMs() + absentForMs;
        return undefined;
      }
    },
    close: () => file.close(),
  };
}

/**
 * True for what a read answers where the host does not offer the thing: no file, a file that this process may not see (masked in a
 * container), or EOPNOTSUPP (95 on Linux: PSI compiled in and switched off, as RHEL does). Deno has no error class for the last.
 */
export function isAbsence(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.PermissionDenied) return true;
  return cause instanceof Error && cause.message.includes("(os error 95)");
}

/**
 * Throws unless the last line is whole. Every `/proc` file ends with a line break; one that does not was cut off, and the number
 * at its end cannot be trusted.
 */
export function requireWholeLines(bytes: Uint8Array): void {
  if (bytes[bytes.length - 1] !== 0x0a) throw new Error("its last line is cut off");
}
