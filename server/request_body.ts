/**
 * Request bodies, read under limits of size, time and number.
 *
 * What has arrived of a body counts against a budget that all requests share, until its work is done: a sender that declares
 * much and sends little takes little from the others.
 */
import type { Clock } from "../lib/clock.ts";
import {
  BodyError,
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

/** A body whose sender went away before its end. */
export class BodyCutOffError extends Error {
  override readonly name = "BodyCutOffError";
}

/** A body that can't be received now; `status` is what HTTP answers. */
export class BodyRefusedError extends Error {
  override readonly name = "BodyRefusedError";
  constructor(readonly status: 429 | 503, message: string, readonly retryAfterSeconds: number) {
    super(message);
  }
}

/** A body as it was sent. */
export interface EncodedBody {
  readonly encoding: ContentEncoding;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Who sends a body, and how much he may. */
export interface BodySender {
  /** Bodies of one sender are counted together. */
  readonly sender: string;
  /** Most bodies of this sender at once. */
  readonly atOnce: number;
  readonly limitBytes: number;
}

/** The way in for bodies. */
export interface Bodies {
  /**
   * Reads a body as it was sent and runs `work` on it.
   *
   * @throws {BodyError} 413 or 415: what is wrong with it.
   * @throws {BodyRefusedError} When too much is received already, from this sender or from all.
   * @throws {BodyTimeoutError} When it takes too long.
   * @throws {BodyCutOffError} When its sender went away.
   */
  receive<T>(request: Request, sender: BodySender, work: (body: EncodedBody) => T | Promise<T>): Promise<T>;
  /** Bytes that are held. */
  readonly usedBytes: number;
}

/** Makes the way in for bodies that together hold at most `totalBytes`. */
export function createBodies(clock: Clock, totalBytes: number): Bodies {
  let usedBytes = 0;
  const inFlight = new Map<string, number>();

  return {
    async receive(request, { sender, atOnce, limitBytes }, work) {
      const others = inFlight.get(sender) ?? 0;
      if (others >= atOnce) {
        throw new BodyRefusedError(
          429,
          `${atOnce} bodies are being received already: wait for their answers`,
          1,
        );
      }
      inFlight.set(sender, others + 1);
      let heldBytes = 0;
      const hold = (bytes: number) => {
        if (usedBytes + bytes > totalBytes) {
          throw new BodyRefusedError(503, "Too much is being received: send it again later", 5);
        }
        usedBytes += bytes;
        heldBytes += bytes;
      };
      try {
        return await work(await readBody(request, limitBytes, clock, hold));
      } finally {
        usedBytes -= heldBytes;
        const left = (inFlight.get(sender) ?? 1) - 1;
        if (left === 0) inFlight.delete(sender);
        else inFlight.set(sender, left);
      }
    },
    get usedBytes() {
      return usedBytes;
    },
  };
}

/** Most bytes that a body will be: what it declares, the limit where it does not. */
export function declaredBytes(request: Request, limitBytes: number): number {
  const declared = Number(request.headers.get("content-length") ?? limitBytes);
  return Number.isSafeInteger(declared) && declared >= 0 ? declared : limitBytes;
}

async function readBody(
  request: Request,
  limitBytes: number,
  clock: Clock,
  hold: (bytes: number) => void,
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
    return { encoding, bytes: await readAtMost(request.body, limitBytes, late.signal, hold) };
  } catch (cause) {
    const isExpected = cause instanceof BodyError || cause instanceof BodyTimeoutError ||
      cause instanceof BodyRefusedError;
    if (isExpected) throw cause;
    throw new BodyCutOffError("Body was cut off: send it again", { cause });
  } finally {
    cancelDeadline();
  }
}

/**
 * The JSON of a body, after undoing its `Content-Encoding`.
 *
 * @throws {BodyError} 400 or 413: what is wrong with the body.
 */
export async function jsonOf({ encoding, bytes }: EncodedBody, limitBytes: number): Promise<unknown> {
  return parseJson(await inflate(bytes, encoding, limitBytes));
}

/**
 * The JSON of a request's body that is too small for the budget.
 *
 * @throws {BodyError} 400, 413 or 415: what is wrong with the body.
 * @throws {BodyTimeoutError} When it takes too long.
 * @throws {BodyCutOffError} When its sender went away.
 */
export async function readSmallJson(request: Request, clock: Clock, limitBytes: number): Promise<unknown> {
  return await jsonOf(await readBody(request, limitBytes, clock, () => {}), limitBytes);
}
