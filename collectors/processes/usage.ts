/** What a process uses that its `stat` does not tell: storage traffic and open files. */
import { contents, type Directory, openDirectory, pathBytes } from "../../ffi/directory.ts";
import { bytesOf, readNamedUnsigned } from "../../lib/ascii.ts";
import type { HostFs } from "../../lib/host_fs.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

type ProcessData = MetricData<"process">;

const ioNames = ["read_bytes", "write_bytes"].map(bytesOf);
const ioValues = new Float64Array(ioNames.length);

/** Bytes that a process read from and wrote to storage, from `/proc/<pid>/io`; `{}` where that is not allowed (other users' processes). */
export function readStorageTraffic(pid: number, folder: Directory): Partial<ProcessData> {
  const length = folder.read(pathBytes(`${pid}/io`));
  if (length <= 0) return {};
  readNamedUnsigned(contents.subarray(0, length), ioNames, ioValues);
  const [read = NaN, written = NaN] = ioValues;
  return Number.isNaN(read) || Number.isNaN(written) ? {} : { read_bytes: read, write_bytes: written };
}

/** Listing costs the kernel about a microsecond an entry: with more open files than these it is not done. */
const mostListed = 20_000;

/**
 * How many files a process has open; `undefined` when that is not allowed, or when they can only be listed and are more than 20,000.
 *
 * The size of `/proc/<pid>/fd` says it since Linux 6.2 (kernel: `proc_fd_getattr` of `fs/proc/fd.c`), to everybody; before, it is 0.
 */
export function countOpenFiles(pid: number, fs: HostFs): number | undefined {
  const path = fs.proc(`${pid}/fd`);
  // A folder of another file system has another size.
  const size = fs.redirected ? 0 : sizeOf(path);
  return size > 0 ? size : listOpenFiles(path);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0; // The process has ended, or belongs to another user: listing will tell.
  }
}

function listOpenFiles(path: string): number | undefined {
  const folder = openDirectory(path);
  if (typeof folder === "number") return undefined;
  try {
    let count = 0;
    folder.list(() => ++count <= mostListed);
    return count > mostListed ? undefined : count;
  } catch {
    return undefined; // The process ended meanwhile.
  } finally {
    folder.close();
  }
}
