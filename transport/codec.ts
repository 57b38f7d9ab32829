/**
 * Bodies on the wire: compressed and inflated under limits, JSON under limits. Both sides use it.
 */
import { limits } from "../protocol/limits.ts";

/** Content codings that a server takes. */
export const contentEncodings = ["identity", "gzip", "zstd"] as const;

/** A content coding. */
export type ContentEncoding = (typeof contentEncodings)[number];

/** Why a body was not taken; `status` is what HTTP answers. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  constructor(readonly status: 400 | 413 | 415, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Gzips `bytes`. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Reads a stream to its end. An aborted `signal` ends the reading and cancels the stream. `hold` is told of the bytes of
 * each chunk before it is kept; what it throws ends the reading like an aborted signal.
 *
 * @throws {BodyError} 413 as soon as it is longer than `maxBytes`.
 * @throws The signal's reason when it is aborted; what `hold` throws.
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
  hold: (bytes: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (stream === null) return new Uint8Array();
  const reader = stream.getReader();
  // A stream that is broken already can't be cancelled: reading it says why.
  const cancel = () => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) break;
      length += value.length;
      if (length > maxBytes) {
        throw new BodyError(413, `Body is longer than ${maxBytes} bytes: send less at once`);
      }
      hold(value.length);
      chunks.push(value);
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Names the coding of a `Content-Encoding` header. @throws {BodyError} 415 for one that is not known. */
export function encodingOf(header: string | null | undefined): ContentEncoding {
  const name = (header ?? "identity").trim().toLowerCase();
  const known = contentEncodings.find((encoding) => encoding === name);
  if (known === undefined) {
    throw new BodyError(
      415,
      `Content-Encoding "${name.slice(0, 32)}" is not one of ${contentEncodings.join(", ")}`,
    );
  }
  return known;
}

// Loaded when first met: it costs an agent, which never inflates, several MB. A `DecompressionStream` knows no zstd, and
// costs four times as much for a batch of the usual size.
let zlib: Promise<typeof import("node:zlib")> | undefined;

/**
 * Undoes a content coding. The bound holds while inflating: a bomb costs no more than `maxBytes`.
 *
 * @throws {BodyError} 413 when there is more, 400 when the data are malformed or cut off.
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  encoding: ContentEncoding,
  maxBytes = limits.decompressedBytes as number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === "identity") {
    if (bytes.length > maxBytes) {
      throw new BodyError(413, `Body is longer than ${maxBytes} bytes: send less at once`);
    }
    return bytes;
  }
  const { gunzipSync, zstdDecompressSync } = await (zlib ??= import("node:zlib"));
  try {
    const undo = encoding === "gzip" ? gunzipSync : zstdDecompressSync;
    return new Uint8Array(undo(bytes, { maxOutputLength: maxBytes }));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE") {
      throw new BodyError(413, `Body is longer than ${maxBytes} bytes: send less at once`, { cause });
    }
    throw new BodyError(400, `Body is not valid ${encoding}: send it again`, { cause });
  }
}

/**
 * Parses JSON of bounded nesting.
 *
 * @throws {BodyError} 400 when it is not JSON, not UTF-8 or nested deeper than `maxDepth`.
 */
export function parseJson(bytes: Uint8Array, maxDepth: number = limits.jsonDepth): unknown {
  const depth = depthOf(bytes, maxDepth);
  if (depth > maxDepth) throw new BodyError(400, `JSON is nested deeper than ${maxDepth}`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BodyError(400, "Body is not valid JSON in UTF-8", { cause });
  }
}

// Counted on bytes before parsing: V8's parser would recurse or allocate first and ask afterwards.
function depthOf(bytes: Uint8Array, maxDepth: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at++; // a backslash hides the next byte
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
      if (deepest > maxDepth) return deepest;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return deepest;
}
