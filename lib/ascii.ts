/**
 * Reading `/proc` text as bytes, without making strings: at one reading a second, strings are most of what would be allocated.
 *
 * Positions are offsets into a file's bytes. Everything works within one line: fields are separated by blanks (spaces and
 * tabs), and the end of a line or of the bytes ends a field. Nothing here throws; a parser says what was wrong with which file.
 */

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const COLON = 0x3a;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a text that is looked for again and again; make it once, at module level. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text from `start` to `end`, decoded as UTF-8 (what is not UTF-8 becomes U+FFFD). It allocates: for names, not for numbers. */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Where the line that holds `at` ends: at its line break, or at the end of the bytes. */
export function lineEnd(bytes: Uint8Array, at: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end === -1 ? bytes.length : end;
}

/** Where the next line begins; `bytes.length` after the last one. Loop: `for (let at = 0; at < bytes.length; at = nextLine(bytes, at))`. */
export function nextLine(bytes: Uint8Array, at: number): number {
  return Math.min(lineEnd(bytes, at) + 1, bytes.length);
}

/** True when the bytes at `at` are `prefix`. */
export function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  if (at + prefix.length > bytes.length) return false;
  for (let index = 0; index < prefix.length; index++) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

/** Start of the first line at or after the line start `from` that begins with `prefix`; `undefined` when there is none. */
export function findLine(bytes: Uint8Array, prefix: Uint8Array, from = 0): number | undefined {
  for (let at = from; at < bytes.length; at = nextLine(bytes, at)) {
    if (startsWith(bytes, at, prefix)) return at;
  }
  return undefined;
}

/** First position at or after `at` that is not a blank. */
export function skipBlanks(bytes: Uint8Array, at: number): number {
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  return at;
}

/** Where the field at `at` ends: the first blank, line break or end of the bytes. */
export function fieldEnd(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && bytes[at] !== SPACE && bytes[at] !== TAB && bytes[at] !== NEWLINE) at++;
  return at;
}

/** Start of the field after the one at `at`. Where the line has no more, that is its end: reading a number there gives `undefined`. */
export function nextField(bytes: Uint8Array, at: number): number {
  return skipBlanks(bytes, fieldEnd(bytes, at));
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** The unsigned integer that begins at `at`; `undefined` when there is no digit. Above 2^53 it is rounded as any double. */
export function readUnsigned(bytes: Uint8Array, at: number): number | undefined {
  if (!isDigit(bytes[at])) return undefined;
  let value = 0;
  for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) value = value * 10 + (byte - ZERO);
  return value;
}

/** The decimal number (`12` or `0.25`) that begins at `at`; `undefined` when there is no digit. */
export function readDecimal(bytes: Uint8Array, at: number): number | undefined {
  const whole = readUnsigned(bytes, at);
  if (whole === undefined) return undefined;
  while (isDigit(bytes[at])) at++;
  if (bytes[at] !== POINT) return whole;
  let fraction = 0;
  let scale = 1;
  for (let byte = bytes[++at]; isDigit(byte); byte = bytes[++at]) {
    fraction = fraction * 10 + (byte - ZERO);
    scale *= 10;
  }
  return whole + fraction / scale;
}

/**
 * Reads the unsigned integers of the rest of a line, from `at`, into `into`; how many there were (at most `into.length`).
 * It stops at the first field that does not begin with a digit.
 */
export function readUnsignedFields(bytes: Uint8Array, at: number, into: Float64Array): number {
  let count = 0;
  at = skipBlanks(bytes, at);
  while (count < into.length) {
    const value = readUnsigned(bytes, at);
    if (value === undefined) break;
    into[count++] = value;
    at = nextField(bytes, at);
  }
  return count;
}

/**
 * Reads a file of lines `name value` or `name: value` (`meminfo`, `vmstat`; the colon need not be followed by a blank):
 * `into[i]` becomes the value of `names[i]`, or NaN where the file has no such line or no number in it.
 */
export function readNamedUnsigned(bytes: Uint8Array, names: readonly Uint8Array[], into: Float64Array): void {
  into.fill(NaN);
  for (let line = 0; line < bytes.length; line = nextLine(bytes, line)) {
    for (let index = 0; index < names.length; index++) {
      const name = names[index];
      if (name === undefined || !startsWith(bytes, line, name)) continue;
      let at = line + name.length;
      if (bytes[at] !== COLON && bytes[at] !== SPACE && bytes[at] !== TAB) continue; // `Active` is not `Active(anon)`.
      if (bytes[at] === COLON) at++;
      into[index] = readUnsigned(bytes, skipBlanks(bytes, at)) ?? NaN;
      break;
    }
  }
}
