/**
 * What the agent asks of the C library on Linux: glibc 2.27 or later, x86-64 and arm64 (both LP64 and little-endian, with the same
 * layouts and constants here).
 *
 * The library is loaded at the first use, so that importing this module does nothing on other systems. A call that may block for
 * ever runs on Deno's pool of 32 blocking threads, which file operations share: callers keep few of them in flight.
 */
import { hostFs } from "../lib/host_fs.ts";
import { type Mapping, parseSmaps } from "./smaps.ts";

const symbols = {
  statvfs: { parameters: ["buffer", "buffer"], result: "i32", nonblocking: true },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  signal: { parameters: ["i32", "usize"], result: "isize" },
  madvise: { parameters: ["u64", "usize", "i32"], result: "i32" },
  malloc_trim: { parameters: ["usize"], result: "i32" },
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

let loaded: Deno.DynamicLibrary<typeof symbols> | undefined;

/** Loads the C library with these symbols. @throws When it or one of them is not there. */
export function loadLibc<Symbols extends Deno.ForeignLibraryInterface>(
  wanted: Symbols,
): Deno.DynamicLibrary<Symbols> {
  try {
    return Deno.dlopen("libc.so.6", wanted);
  } catch (cause) {
    throw new Error("Cannot load libc.so.6: this needs Linux with glibc 2.27 or later", { cause });
  }
}

function libc(): Deno.DynamicLibrary<typeof symbols>["symbols"] {
  loaded ??= loadLibc(symbols);
  return loaded.symbols;
}

/** `errno` of the call that just failed. It is lost where another call comes between, and for calls on another thread. */
export function errno(): number | undefined {
  const location = libc().__errno_location();
  return location === null ? undefined : new Deno.UnsafePointerView(location).getInt32();
}

function failure(call: string): Error {
  return new Error(`${call} failed with errno ${errno() ?? "unknown"}`);
}

/** Space of a file system, from statvfs(3). */
export interface FileSystemSpace {
  /** Bytes per block: `f_frsize`. `f_bsize` is a preferred transfer size, up to 256 times as much on FUSE, NFS and virtiofs. */
  readonly blockBytes: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  /** Free for ordinary users. */
  readonly availableBlocks: number;
  /** 0 where the file system has no fixed number of inodes. */
  readonly inodes: number;
  readonly freeInodes: number;
}

/** Larger than glibc's `struct statvfs` (112 bytes), and a multiple of its alignment. */
const statvfsBytes = 128;

/**
 * Space of the file system that holds `path`; `undefined` when the call fails (gone, no permission, stale handle; which of them is
 * not known, as `errno` belongs to the other thread).
 *
 * It never settles while the file system does not answer (NFS, FUSE), and a blocking thread is taken so long.
 */
export async function statvfs(path: string): Promise<FileSystemSpace | undefined> {
  if (path.includes("\0")) return undefined; // C would see a shorter path.
  const encoded = new TextEncoder().encode(path);
  // One buffer for both: it is used after the call, so it lives as long as the kernel may write to it.
  const buffer = new Uint8Array(statvfsBytes + encoded.length + 1);
  buffer.set(encoded, statvfsBytes);
  const result = await libc().statvfs(buffer.subarray(statvfsBytes), buffer);
  if (result !== 0) return undefined;
  const view = new DataView(buffer.buffer);
  const field = (offset: number) => view.getUint32(offset, true) + view.getUint32(offset + 4, true) * 2 ** 32;
  return {
    blockBytes: field(8),
    blocks: field(16),
    freeBlocks: field(24),
    availableBlocks: field(32),
    inodes: field(40),
    freeInodes: field(48),
  };
}

/** `MSG_DONTWAIT`: fail rather than wait. */
const dontWait = 0x40;

/** A datagram socket that never blocks. */
export interface RawSocket {
  /** @throws When the kernel doesn't take the datagram. */
  send(datagram: Uint8Array<ArrayBuffer>): void;
  /**
   * Receives one datagram into `into`; its length.
   *
   * @throws When there is none (EAGAIN, 11) or the kernel reports an error.
   */
  receive(into: Uint8Array<ArrayBuffer>): number;
  close(): void;
}

/**
 * Opens a socket(2); constants are those of the kernel's headers.
 *
 * @throws When the kernel has no such family or protocol, or refuses.
 */
export function openSocket(family: number, type: number, protocol: number): RawSocket {
  const SOCK_CLOEXEC = 0x80000;
  const descriptor = libc().socket(family, type | SOCK_CLOEXEC, protocol);
  if (descriptor < 0) throw failure(`socket(${family}, ${type}, ${protocol})`);
  return {
    send(datagram) {
      const sent = libc().send(descriptor, datagram, BigInt(datagram.length), dontWait);
      if (sent !== datagram.length) throw failure("send");
    },
    receive(into) {
      const length = libc().recv(descriptor, into, BigInt(into.length), dontWait);
      if (length < 0) throw failure("recv");
      return length;
    },
    close: () => void libc().close(descriptor),
  };
}

/** A device file that is asked by ioctl(2). */
export interface Device {
  /**
   * Sends a request that takes a pointer; the driver answers in `argument`.
   *
   * @throws When the driver refuses.
   */
  control(request: number, argument: Uint32Array<ArrayBuffer>): void;
  close(): void;
}

/**
 * Opens a device file. Both calls are variadic in C; on x86-64 and arm64 Linux their arguments are passed as if they were not.
 *
 * @throws When it is not there or may not be opened.
 */
export function openDevice(path: string): Device {
  const O_CLOEXEC = 0x80000;
  if (path.includes("\0")) throw new Error("Cannot open a path that holds a NUL"); // C would see a shorter path.
  const descriptor = libc().open(new TextEncoder().encode(`${path}\0`), O_CLOEXEC);
  if (descriptor < 0) throw failure(`open(${path})`);
  return {
    control(request, argument) {
      if (libc().ioctl(descriptor, BigInt(request), argument) < 0) {
        throw failure(`ioctl(${path}, ${request.toString(16)})`);
      }
    },
    close: () => void libc().close(descriptor),
  };
}

/**
 * Makes this process ignore SIGUSR1. Deno 2.9 opens an inspector without authentication on it, whatever its permissions, and
 * installs its handler shortly after the first signal listener: call this again some seconds after start.
 *
 * @throws When the C library can't be loaded or refuses.
 */
export function ignoreSigusr1(): void {
  const SIGUSR1 = 10;
  const SIG_IGN = 1n;
  if (libc().signal(SIGUSR1, SIG_IGN) === -1n) throw failure("signal(SIGUSR1)");
}

/**
 * Gives back memory that start-up needed and running does not: page-table entries of the executable's and its libraries' read-only
 * pages (they stay in the page cache and are mapped again when used), and free heap memory. A few milliseconds; worth it once, some
 * time after start.
 *
 * @throws When the process's mappings can't be read or the C library can't be loaded.
 */
export function dropFilePages(): void {
  const MADV_RANDOM = 1; // No fault-around: what is used again comes back page by page.
  const MADV_DONTNEED = 4;
  const path = hostFs().proc("self/smaps");
  let mappings: Mapping[];
  try {
    mappings = parseSmaps(Deno.readTextFileSync(path));
  } catch (cause) {
    throw new Error(`Cannot read ${path}`, { cause });
  }
  const { madvise, malloc_trim } = libc();
  for (const { address, bytes, isCleanFile } of mappings) {
    // Only pages identical to the file may go: a relocated or written page would be lost. A refusal (locked memory) does no harm.
    if (isCleanFile && madvise(address, bytes, MADV_RANDOM) === 0) madvise(address, bytes, MADV_DONTNEED);
  }
  malloc_trim(0n);
}
