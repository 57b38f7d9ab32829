/**
 * Telling a file from another that got its inode: a hash of its first bytes.
 *
 * File systems give an inode number anew soon after a file is deleted, and a file truncated and written again keeps it. What was
 * read before is there still only when it begins as it did.
 */

/** Hash of a file's first bytes. Only bytes that were read count: they do not change any more. */
export interface Fingerprint {
  readonly bytes: number;
  /** SHA-256, hexadecimal; empty for no bytes. */
  readonly hash: string;
}

/** The fingerprint of a file of which nothing was read. */
export const noFingerprint: Fingerprint = { bytes: 0, hash: "" };

/** Most bytes that are hashed. */
export const fingerprintBytes = 256;

/** Shorter beginnings do not tell a copy from another file. */
const distinctiveBytes = 32;

/** Fingerprint of the first `bytes` of a file; `undefined` when it has less. It moves the file's position. */
export async function fingerprintOf(file: Deno.FsFile, bytes: number): Promise<Fingerprint | undefined> {
  if (bytes === 0) return noFingerprint;
  const buffer = new Uint8Array(Math.min(bytes, fingerprintBytes));
  await file.seek(0, Deno.SeekMode.Start);
  for (let length = 0; length < buffer.length;) {
    const count = await file.read(buffer.subarray(length));
    if (count === null) return undefined;
    length += count;
  }
  const digest = await crypto.subtle.digest("SHA-256", buffer);
  return { bytes: buffer.length, hash: new Uint8Array(digest).toHex() };
}

/** True when the file begins as the one did that `fingerprint` was taken of. */
export async function beginsAs(file: Deno.FsFile, fingerprint: Fingerprint): Promise<boolean> {
  const now = await fingerprintOf(file, fingerprint.bytes);
  return now !== undefined && now.hash === fingerprint.hash;
}

/** True when a file with another inode and this fingerprint is a copy, and not a file that happens to begin alike. */
export function isDistinctive(fingerprint: Fingerprint): boolean {
  return fingerprint.bytes >= distinctiveBytes;
}
