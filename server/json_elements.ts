/**
 * A large JSON array, parsed piece by piece so that nobody waits for the whole of it.
 *
 * It is cut at commas between its elements. Each piece, put in brackets, is JSON exactly when that part of the array is.
 */
import { limits } from "../protocol/limits.ts";
import { BodyError } from "../transport/codec.ts";
import type { Pacer } from "./pacer.ts";

/** Least bytes of a piece. */
const pieceBytes = 64 * 1024;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The elements of a JSON array; `pace` is asked after each piece.
 *
 * @throws {BodyError} 400 when it is not an array in UTF-8, or nested deeper than `limits.jsonDepth`.
 */
export async function parseElements(bytes: Uint8Array, pace: Pacer): Promise<unknown[]> {
  const begin = skipSpace(bytes, 0);
  if (bytes[begin] !== openBracket) throw new BodyError(400, "Body is not a JSON array of envelopes");
  const elements: unknown[] = [];
  let pieceBegin = begin + 1;
  let depth = 1;
  let inString = false;
  let at = pieceBegin;
  for (; at < bytes.length && depth > 0; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === backslash) at++; // it hides the next byte
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBracket || byte === openBrace) {
      if (++depth > limits.jsonDepth) {
        throw new BodyError(400, `JSON is nested deeper than ${limits.jsonDepth}`);
      }
    } else if (byte === closeBracket || byte === closeBrace) depth--;
    else if (byte === comma && depth === 1 && at - pieceBegin >= pieceBytes) {
      for (const element of parsePiece(bytes.subarray(pieceBegin, at))) elements.push(element);
      pieceBegin = at + 1;
      const pause = pace();
      if (pause !== undefined) await pause;
    }
  }
  const isClosed = depth === 0 && bytes[at - 1] === closeBracket;
  if (!isClosed || skipSpace(bytes, at) < bytes.length) throw notJson();
  const last = parsePiece(bytes.subarray(pieceBegin, at - 1));
  if (last.length === 0 && elements.length > 0) throw notJson(); // a comma and nothing after it
  for (const element of last) elements.push(element);
  return elements;
}

function parsePiece(bytes: Uint8Array): readonly unknown[] {
  try {
    return JSON.parse(`[${decoder.decode(bytes)}]`);
  } catch (cause) {
    throw notJson(cause);
  }
}

function notJson(cause?: unknown): BodyError {
  return new BodyError(400, "Body is not valid JSON in UTF-8", { cause });
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) break;
  }
  return at;
}
