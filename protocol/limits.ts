/** Limits of the wire, the same on both sides; the server announces them at register. */
import * as z from "zod/mini";

/** Bounds that hold before anything is allocated for what came over the network. */
export const limits = {
  /** Body as sent, in bytes. */
  compressedBytes: 4 * 1024 * 1024,
  /** Body after inflating, in bytes; enforced while inflating. */
  decompressedBytes: 32 * 1024 * 1024,
  /** Envelopes in one batch. */
  envelopes: 10_000,
  /** Nesting of JSON arrays and objects. */
  jsonDepth: 32,
  /** Longest `wait` of a long-poll, in seconds. */
  pollSeconds: 60,
  /** From when an agent fetches a command until its result has to be there, in seconds. */
  commandLeaseSeconds: 60,
  /** Result of a command, in bytes after inflating. */
  resultBytes: 8 * 1024 * 1024,
  /** Elements of one list in an envelope (processes, mounts, interfaces …). */
  listLength: 20_000,
} as const;

/** `limits` as the register answer carries them. */
export const limitsSchema = z.object({
  compressed_bytes: z.number(),
  decompressed_bytes: z.number(),
  envelopes: z.number(),
  json_depth: z.number(),
});

/** A string from a host: hostile text of bounded length. */
export function text(maxLength = 1024) {
  return z.string().check(z.maxLength(maxLength));
}
