/** The file systems of a host, read again only when the mount table changed. */
import { parseMountinfo } from "../../lib/mountinfo.ts";
import { requireWholeLines } from "../host_file.ts";
import { chooseFileSystems, type FileSystem } from "./file_systems.ts";

/**
 * File systems in the contents of a `mountinfo` file.
 *
 * @throws When a line is malformed or cut off.
 */
function parseFileSystems(bytes: Uint8Array): FileSystem[] {
  requireWholeLines(bytes);
  const mounts = parseMountinfo(bytes);
  const lines = bytes.reduce((count, byte) => byte === 0x0a ? count + 1 : count, 0);
  if (mounts.length !== lines) {
    throw new Error(`${lines - mounts.length} of its ${lines} lines are malformed`);
  }
  return chooseFileSystems(mounts);
}

/** Makes a parser of `mountinfo` that gives the very same value for the same bytes. `make` turns the file systems into it. */
export function rememberMounts<T>(make: (fileSystems: FileSystem[]) => T): (bytes: Uint8Array) => T {
  let last: { bytes: Uint8Array; value: T } | undefined;
  return (bytes) => {
    if (last === undefined || !areEqual(last.bytes, bytes)) {
      last = { bytes: bytes.slice(), value: make(parseFileSystems(bytes)) };
    }
    return last.value;
  };
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
