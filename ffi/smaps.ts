/**
 * `/proc/self/smaps` (proc_pid_smaps(5)): per mapping a head line
 * `55d0c000-55d0d000 r--p 00000000 fe:00 1234 /usr/bin/deno`, then lines `Name: value kB`.
 */

/** A mapping of a process's address space. */
export interface Mapping {
  readonly address: bigint;
  readonly bytes: bigint;
  /** A private, read-only view of a file of which no page was changed: every page can be had from the file again. */
  readonly isCleanFile: boolean;
}

const head = /^([0-9a-f]+)-([0-9a-f]+) ([-r][-w][-x][ps]) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ (\d+)/;

/** Reads every mapping. One without a line `Anonymous` is not taken for clean. */
export function parseSmaps(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  let current: { address: bigint; bytes: bigint; isReadOnlyFile: boolean } | undefined;
  for (const line of text.split("\n")) {
    const [, start, end, permissions = "", inode] = head.exec(line) ?? [];
    if (start !== undefined && end !== undefined) {
      const address = BigInt(`0x${start}`);
      const isReadOnlyFile = /^r-[-x]p$/.test(permissions) && inode !== "0";
      current = { address, bytes: BigInt(`0x${end}`) - address, isReadOnlyFile };
    } else if (current !== undefined && line.startsWith("Anonymous:")) {
      const { address, bytes, isReadOnlyFile } = current;
      mappings.push({ address, bytes, isCleanFile: isReadOnlyFile && /^Anonymous:\s+0 kB$/.test(line) });
      current = undefined;
    }
  }
  return mappings;
}
