/**
 * Where the host's files are, and how they are read quickly.
 *
 * Only this module resolves host paths. With `--procfs`, `--sysfs` or `--rootfs` (a container that has the host's trees
 * mounted, or a fixture) every source is a file below them.
 */

/** Where the host's trees are mounted; absent ones are this machine's own. */
export interface HostFsOptions {
  readonly procfs?: string;
  readonly sysfs?: string;
  readonly rootfs?: string;
}

/** Paths of the host's files. */
export interface HostFs {
  /** True when any tree was redirected: then nothing may be asked of this machine's kernel directly. */
  readonly redirected: boolean;
  /** `/proc/<path>`. */
  proc(path: string): string;
  /** `/sys/<path>`. */
  sys(path: string): string;
  /** An absolute path of the host, e.g. `/etc/os-release` or a mount point. */
  root(path: string): string;
  /**
   * `/proc/<path>` of the host's first process where it can be read, else of this one: `net/dev` of the host's network
   * namespace, `mountinfo` of its mount namespace.
   */
  procInit(path: string): string;
}

/** Resolves the host's paths. */
export function hostFs(options: HostFsOptions = {}): HostFs {
  const procfs = trim(options.procfs ?? "/proc");
  const sysfs = trim(options.sysfs ?? "/sys");
  const rootfs = trim(options.rootfs ?? "");
  const redirected = procfs !== "/proc" || sysfs !== "/sys" || rootfs !== "";
  const proc = (path: string) => `${procfs}/${path}`;
  return {
    redirected,
    proc,
    sys: (path) => `${sysfs}/${path}`,
    root: (path) => `${rootfs}${path}`,
    procInit(path) {
      const init = proc(`1/${path}`);
      if (isReadable(init)) return init;
      const own = proc(`self/${path}`);
      return !redirected || isReadable(own) ? own : proc(path);
    },
  };
}

function trim(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}

function isReadable(path: string): boolean {
  try {
    Deno.openSync(path).close();
    return true;
  } catch {
    return false; // An answer, not a failure: the caller asks which of several files is there.
  }
}

/** Reads a small file as text without its trailing line break; `undefined` when it is absent or can't be read. */
export function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trimEnd();
  } catch {
    return undefined; // sysfs attributes come and go, and drivers answer EIO or EINVAL: the value is absent.
  }
}

/** Reads a small file holding one integer; `undefined` when it is absent, unreadable or not an integer. */
export function readInteger(path: string): number | undefined {
  const text = readText(path);
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** True when there is something at `path` that this process may see; links are followed. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false; // An answer, not a failure.
  }
}

/** True when there is a folder at `path`, or a link to one. */
export function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // An answer, not a failure.
  }
}

/** What the link at `path` points to; `undefined` when there is none, or it is not ours to see. */
export function readLink(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined; // Processes, devices and namespaces come and go, and others' are hidden: there is no target.
  }
}

/** Kept, as making one takes longer than the sorting. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** The path that `path` leads to through links; `undefined` where there is none. */
export function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // Not there: an answer, not a failure.
  }
}

/** Names in `folder`, numbers by value (`hwmon2` before `hwmon10`); none where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(byNumber.compare);
  } catch {
    return []; // The host lacks that part of the kernel, or it went away: there is nothing to report from it.
  }
}

/** A file that is read again and again. */
export interface KeptFile {
  /**
   * The whole file as it is now. The bytes are valid until the next `read` of any kept file: parse them first.
   *
   * @throws When the file can't be opened or read; the message names it.
   */
  read(): Uint8Array;
  close(): void;
}

/** What all kept files read into: collectors run one after the other and parse before the next read. */
let shared = new Uint8Array(64 * 1024);

/**
 * Keeps a file open and re-reads it from its start into a shared buffer: no allocation, and the cost of one `pread`.
 * `/proc` files give about 4 KB per read whatever is asked, so reading goes on to the end of the file.
 */
export function keptFile(path: string): KeptFile {
  let file: Deno.FsFile | undefined;
  const close = () => {
    file?.close();
    file = undefined;
  };
  return {
    read() {
      try {
        file ??= Deno.openSync(path);
        file.seekSync(0, Deno.SeekMode.Start);
        let length = 0;
        for (;;) {
          if (length === shared.length) {
            const larger = new Uint8Array(shared.length * 2);
            larger.set(shared);
            shared = larger;
          }
          const count = file.readSync(shared.subarray(length));
          if (count === null || count === 0) return shared.subarray(0, length);
          length += count;
        }
      } catch (cause) {
        close(); // Opened afresh the next time: the file may have been replaced.
        throw new Error(`Cannot read ${path}`, { cause });
      }
    },
    close,
  };
}
