/**
 * D-Bus messages (D-Bus specification 0.43, "Message Protocol"): a fixed header of 16 bytes (byte order, type, flags, version 1, length of
 * the body, serial number, length of the header fields), the fields (an array of code and variant), padding to 8 bytes, the body.
 *
 * Calls are written little-endian with text arguments only; replies are read in either byte order.
 */
import { align, DbusFormatError, type DbusValue, readValues } from "./values.ts";

/** A method to call. */
export interface DbusCall {
  /** Bus name; none on a connection to one peer. */
  readonly destination?: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Arguments, all of type `s`. */
  readonly args?: readonly string[];
}

/** A message as received; the body is read by {@linkcode bodyOf}. */
export interface DbusMessage {
  readonly type: number;
  /** Serial number of the call that it answers. */
  readonly replySerial?: number;
  /** Name of the error, of an error message. */
  readonly errorName?: string;
  readonly signature: string;
  readonly body: Uint8Array;
  readonly littleEndian: boolean;
}

/** Message types. */
export const messageType = { call: 1, reply: 2, error: 3, signal: 4 } as const;

/** Codes of header fields. */
const field = {
  path: 1,
  interface: 2,
  member: 3,
  errorName: 4,
  replySerial: 5,
  destination: 6,
  signature: 8,
} as const;

/** Longest message that is accepted: the specification allows 128 MiB, systemd's list of 1,000 units takes 0.2. */
export const mostMessageBytes = 8 * 1024 * 1024;

const fixedBytes = 16;
const encoder = new TextEncoder();

/** Writes a call as message `serial`. */
export function encodeCall(serial: number, call: DbusCall): Uint8Array<ArrayBuffer> {
  const args = call.args ?? [];
  const texts = [call.path, call.interface, call.member, call.destination ?? "", ...args];
  // Three bytes for each UTF-16 unit at most, and for each text its length, signature and padding.
  const most = texts.reduce((sum, text) => sum + 3 * text.length + 24, 64 + args.length);
  const bytes = new Uint8Array(most);
  const view = new DataView(bytes.buffer);
  let at = fixedBytes;

  function writeText(text: string): void {
    at = align(at, 4);
    const { written } = encoder.encodeInto(text, bytes.subarray(at + 4));
    view.setUint32(at, written, true);
    at += 4 + written + 1;
  }
  /** `g`, in the header and in a variant: a length of one byte. */
  function writeSignature(signature: string): void {
    const { written } = encoder.encodeInto(signature, bytes.subarray(at + 1));
    bytes[at] = written;
    at += 1 + written + 1;
  }
  function writeField(code: number, type: "o" | "s" | "g", text: string): void {
    at = align(at, 8);
    bytes[at++] = code;
    writeSignature(type);
    if (type === "g") writeSignature(text);
    else writeText(text);
  }

  writeField(field.path, "o", call.path);
  writeField(field.interface, "s", call.interface);
  writeField(field.member, "s", call.member);
  if (call.destination !== undefined) writeField(field.destination, "s", call.destination);
  if (args.length > 0) writeField(field.signature, "g", "s".repeat(args.length));
  const fieldsBytes = at - fixedBytes;
  at = align(at, 8);
  const bodyStart = at;
  for (const text of args) writeText(text);

  bytes.set([0x6c, /* l */ messageType.call, 0, 1]);
  view.setUint32(4, at - bodyStart, true);
  view.setUint32(8, serial, true);
  view.setUint32(12, fieldsBytes, true);
  return bytes.subarray(0, at);
}

/**
 * Length of the message that begins at the start of `bytes`; `undefined` while too little of it is there to tell.
 *
 * @throws {DbusFormatError} When no message begins there, or one that is too long.
 */
export function messageLength(bytes: Uint8Array): number | undefined {
  if (bytes.length < fixedBytes) return undefined;
  const littleEndian = byteOrder(bytes);
  if (bytes[3] !== 1) throw new DbusFormatError(`A message is of protocol version ${bytes[3]}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = view.getUint32(4, littleEndian);
  const fields = view.getUint32(12, littleEndian);
  // Each by itself first: the sum is aligned in 32 bits.
  if (
    body > mostMessageBytes || fields > mostMessageBytes || fixedBytes + fields + 8 + body > mostMessageBytes
  ) {
    throw new DbusFormatError(`A message is longer than ${mostMessageBytes} bytes`);
  }
  return align(fixedBytes + fields, 8) + body;
}

/**
 * Reads one whole message. Its body shares `bytes`.
 *
 * @throws {DbusFormatError} When it is malformed.
 */
export function decodeMessage(bytes: Uint8Array): DbusMessage {
  const length = messageLength(bytes);
  if (length !== bytes.length) throw new DbusFormatError("A message is cut off");
  const littleEndian = byteOrder(bytes);
  // The fields begin at 12 with their length, where 8 does not divide the position: read from the start, behind five numbers.
  const { values: [, , , , , , fields], end } = readValues(bytes, "yyyyuua(yv)", littleEndian);
  const known = new Map<number, DbusValue>();
  for (const entry of Array.isArray(fields) ? fields : []) {
    if (!Array.isArray(entry)) continue;
    const [code, value] = entry;
    if (typeof code === "number" && value !== undefined) known.set(code, value);
  }
  const replySerial = known.get(field.replySerial);
  const errorName = known.get(field.errorName);
  const signature = known.get(field.signature);
  return {
    type: bytes[1] ?? 0,
    ...(typeof replySerial === "number" ? { replySerial } : {}),
    ...(typeof errorName === "string" ? { errorName } : {}),
    signature: typeof signature === "string" ? signature : "",
    body: bytes.subarray(align(end, 8)),
    littleEndian,
  };
}

/**
 * The values of a message's body.
 *
 * @throws {DbusFormatError} When its signature is another than `signature`, or it is malformed.
 */
export function bodyOf(
  { signature: actual, body, littleEndian }: DbusMessage,
  signature: string,
): DbusValue[] {
  if (actual !== signature) {
    throw new DbusFormatError(`A message holds "${actual}" instead of "${signature}"`);
  }
  return readValues(body, signature, littleEndian).values;
}

function byteOrder(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x6c) return true;
  if (bytes[0] === 0x42) return false;
  throw new DbusFormatError(`A message begins with byte ${bytes[0]}, which names no byte order`);
}
