/**
 * Folders of many small files read at the speed of C: `/proc` with its processes, a control group with its attributes.
 *
 * One open folder, names as bytes, one buffer for listings and one for contents, nothing allocated per entry or file. getdents64(2)
 * fills its buffer with records (kernel: `linux_dirent64` in `include/linux/dirent.h`): inode u64, offset i64, record length u16, type u8, name
 * ended by NUL. Errors are values: what is read here vanishes while it is read.
 *
 * Where the C library can't be loaded (another than glibc), Deno's own calls do the same, about twice as slowly.
 */

const symbols = {
  openat: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  // glibc has a function for getdents64 only since 2.30.
  syscall: { parameters: ["isize", "i32", "buffer", "usize"], result: "isize" },
  __errno_location: { parameters: [], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

type Libc = Deno.DynamicLibrary<typeof symbols>["symbols"];

let loaded: Libc | null | undefined;

/** The C library; `null` where there is no glibc. */
function libc(): Libc | null {
  if (loaded === undefined) {
    try {
      loaded = Deno.dlopen("libc.so.6", symbols).symbols;
    } catch {
      loaded = null; // Deno's own calls are used instead.
    }
  }
  return loaded;
}

/** Error numbers (`asm-generic/errno-base.h`). */
const errno = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  EACCES: 13,
  ENOTDIR: 20,
  ENFILE: 23,
  EMFILE: 24,
  EFBIG: 27,
} as const;

/** True for the answer of a call that this user may not make. */
export function isRefusal(result: number): boolean {
  return result === -errno.EACCES || result === -errno.EPERM;
}

/** True for the answer of a call that failed because this process, or the whole machine, has too many files open. */
export function isTooManyFiles(result: number): boolean {
  return result === -errno.EMFILE || result === -errno.ENFILE;
}

/**
 * Called for each entry: its name stands in `bytes` from `start` to `end`. The bytes are valid during the call. Answering false ends the
 * listing.
 */
export type VisitEntry = (
  bytes: Uint8Array,
  start: number,
  end: number,
  isDirectory: boolean,
) => boolean | void;

/** An open folder. */
export interface Directory {
  /**
   * Lists it once; `.` and `..` are left out. `visit` may `read` from it. A second listing needs a second `openDirectory`.
   *
   * @throws When the kernel reports an error.
   */
  list(visit: VisitEntry): void;
  /**
   * Reads `path`, relative to the folder and ended by NUL, with one read(2) into {@linkcode contents}. `procfs`, `sysfs` and `cgroupfs` give
   * in one what fits. The answer is the length, or a negative error number; EFBIG when it does not fit, unless `mayBeCut`. The byte
   * after the contents is a line break, so that a parser of fields stops there.
   */
  read(path: Uint8Array<ArrayBuffer>, mayBeCut?: boolean): number;
  close(): void;
}

/** What `read` reads into, of every folder: parse it before the next `read`. */
export const contents: Uint8Array<ArrayBuffer> = new Uint8Array(64 * 1024);

const NEWLINE = 0x0a;
const DOT = 0x2e;
/** One byte is kept for the line break. */
const capacity = contents.length - 1;
const capacityArgument = BigInt(capacity);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Path for `Directory.read`: bytes ended by NUL. */
export function pathBytes(path: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${path}\0`);
}

/** Opens a folder; a negative error number when it can't be. */
export function openDirectory(path: string): Directory | number {
  if (path.includes("\0")) return -errno.ENOENT; // C would see a shorter path.
  const library = libc();
  return library === null ? denoDirectory(path) : nativeDirectory(library, path);
}

const AT_FDCWD = -100;
const O_CLOEXEC = 0x80000;
const SYS_getdents64 = Deno.build.arch === "aarch64" ? 61n : 217n;
const typeOffset = 18;
const nameOffset = 19;
const DT_DIR = 4;

/** Listings: about 1,300 processes at a time. */
const entries = new Uint8Array(32 * 1024);
const entriesArgument = BigInt(entries.length);

function nativeDirectory(library: Libc, path: string): Directory | number {
  const descriptor = library.openat(AT_FDCWD, pathBytes(path), O_CLOEXEC);
  if (descriptor < 0) return -lastErrno(library);
  return {
    list(visit) {
      for (;;) {
        const length = Number(library.syscall(SYS_getdents64, descriptor, entries, entriesArgument));
        if (length < 0) {
          throw new Error(`Cannot list ${path}: getdents64 failed with errno ${lastErrno(library)}`);
        }
        if (length === 0) return;
        if (!visitEntries(length, visit)) return;
      }
    },
    read(name, mayBeCut = false) {
      const file = library.openat(descriptor, name, O_CLOEXEC);
      if (file < 0) return -lastErrno(library);
      const length = library.read(file, contents, capacityArgument);
      const result = length < 0 ? -lastErrno(library) : finish(length, mayBeCut);
      library.close(file);
      return result;
    },
    close: () => void library.close(descriptor),
  };
}

function visitEntries(length: number, visit: VisitEntry): boolean {
  for (let at = 0; at < length;) {
    const start = at + nameOffset;
    const end = entries.indexOf(0, start);
    const isFolder = entries[at + typeOffset] === DT_DIR;
    if (!isSelfOrParent(entries, start, end) && visit(entries, start, end, isFolder) === false) return false;
    at += (entries[at + 16] ?? 0) | ((entries[at + 17] ?? 0) << 8);
  }
  return true;
}

function isSelfOrParent(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start] !== DOT || end - start > 2) return false;
  return end - start === 1 || bytes[start + 1] === DOT;
}

function lastErrno(library: Libc): number {
  const location = library.__errno_location();
  return location === null ? errno.EIO : new Deno.UnsafePointerView(location).getInt32();
}

/** Ends the contents. A full buffer means that there may be more: half a file would give wrong numbers. */
function finish(length: number, mayBeCut: boolean): number {
  if (length >= capacity && !mayBeCut) return -errno.EFBIG;
  contents[length] = NEWLINE;
  return length;
}

/** The same with Deno's calls. */
export function denoDirectory(path: string): Directory | number {
  try {
    if (!Deno.statSync(path).isDirectory) return -errno.ENOTDIR;
  } catch (error) {
    return -errnoOf(error);
  }
  return {
    list(visit) {
      for (const entry of Deno.readDirSync(path)) {
        const name = encoder.encode(entry.name);
        if (visit(name, 0, name.length, entry.isDirectory) === false) return;
      }
    },
    read(name, mayBeCut = false) {
      try {
        using file = Deno.openSync(`${path}/${decoder.decode(name.subarray(0, name.indexOf(0)))}`);
        return finish(file.readSync(contents.subarray(0, capacity)) ?? 0, mayBeCut);
      } catch (error) {
        return -errnoOf(error);
      }
    },
    close: () => {},
  };
}

function errnoOf(error: unknown): number {
  const number = error instanceof Error ? /\(os error (\d+)\)/.exec(error.message)?.[1] : undefined;
  if (number !== undefined) return Number(number);
  if (error instanceof Deno.errors.NotFound) return errno.ENOENT;
  return error instanceof Deno.errors.PermissionDenied ? errno.EACCES : errno.EIO;
}
