/**
 * The size of a memory page: 4 KiB on x86-64, 4, 16 or 64 KiB on arm64 as the kernel was built.
 *
 * The kernel tells every process in its auxiliary vector (getauxval(3)), native-endian pairs of 64-bit type and value, type 6 (AT_PAGESZ)
 * being the page size.
 */

import type { HostFs } from "../../lib/host_fs.ts";

const AT_NULL = 0n;
const AT_PAGESZ = 6n;
const pairBytes = 16;

/** Page size in an auxiliary vector, in bytes; `undefined` when it has none. Every host of Deno's is little-endian. */
export function pageSizeOfAuxv(auxv: Uint8Array): number | undefined {
  const view = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  for (let at = 0; at + pairBytes <= auxv.length; at += pairBytes) {
    const type = view.getBigUint64(at, true);
    if (type === AT_NULL) return undefined;
    if (type === AT_PAGESZ) return Number(view.getBigUint64(at + 8, true));
  }
  return undefined;
}

/** Page size of this process's auxiliary vector, in bytes; `undefined` where `fs` has none (a captured tree, another process namespace). */
export function readPageSize(fs: HostFs): number | undefined {
  try {
    return pageSizeOfAuxv(Deno.readFileSync(fs.proc("self/auxv")));
  } catch {
    return undefined; // The caller does without, or finds the size in another way.
  }
}

const pageSizes = [4096, 16_384, 65_536];

/**
 * Page size from the same memory counted in bytes (`MemFree`) and in pages (`nr_free_pages`), for when no auxiliary vector can be read.
 * The two files are read one after the other, so the nearest size that exists is taken; `undefined` when none is near.
 */
export function pageSizeOfFree(freeBytes: number, freePages: number): number | undefined {
  const ratio = freeBytes / freePages;
  return pageSizes.find((size) => ratio > size * 0.7 && ratio < size * 1.4);
}
