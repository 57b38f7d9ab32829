/** Request bodies, read under limits of size and time. */
import { type Clock, systemClock } from "../lib/clock.ts";
import {
  BodyError,
  type BodyLimits,
  type ContentEncoding,
  encodingOf,
  inflate,
  parseJson,
  readAtMost,
} from "../transport/codec.ts";

/** How long a body may take to arrive. */
export const bodyDeadlineMs = 30_000;

/** A body that did not end in time. */
export class BodyTimeoutError extends Error {
  override readonly name = "BodyTimeoutError";
}

/** A body as it was sent. */
export interface EncodedBody {
  readonly encoding: ContentEncoding;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Most bytes that a body will be: what it declares, the limit where it does not. */
export function declaredBytes(request: Request, limitBytes: number): number {
  const declared = Number(request.headers.get("content-length") ?? limitBytes);
  return Number.isSafeInteger(declared) && declared >= 0 ? declared : limitBytes;
}

/**
 * Reads a body as it was sent.
 *
 * @throws {BodyError} 413 or 415: what is wrong with it.
 * @throws {BodyTimeoutError} When it takes too long.
 */
export async function readBody(
  request: Request,
  limitBytes: number,
  clock: Clock = systemClock,
): Promise<EncodedBody> {
  const encoding = encodingOf(request.headers.get("content-encoding"));
  if (declaredBytes(request, 0) > limitBytes) {
    throw new BodyError(413, `Body is longer than ${limitBytes} bytes: send less at once`);
  }
  const late = new AbortController();
  const cancelDeadline = clock.after(bodyDeadlineMs, () =>
    late.abort(
      new BodyTimeoutError(`Body did not arrive within ${bodyDeadlineMs / 1000} s: send it again`),
    ));
  try {
    return { encoding, bytes: await readAtMost(request.body, limitBytes, late.signal) };
  } finally {
    cancelDeadline();
  }
}

/**
 * The JSON of a request's body, after undoing its `Content-Encoding`.
 *
 * @throws {BodyError} 400, 413 or 415: what is wrong with the body.
 * @throws {BodyTimeoutError} When it takes too long.
 */
export async function readJsonBody(request: Request, limits: BodyLimits): Promise<unknown> {
  const { encoding, bytes } = await readBody(request, limits.compressedBytes);
  return parseJson(await inflate(bytes, encoding, limits.decompressedBytes));
}
