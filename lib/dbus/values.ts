/**
 * Values of the D-Bus wire format (D-Bus specification 0.43, "Type system" and "Marshaling"), read by their signature.
 *
 * Every value is aligned to its size, structs and dictionary entries to 8 bytes, counted from the start of the message; arrays are
 * preceded by their length in bytes, strings by theirs and followed by a zero. A message's body begins at a multiple of 8, so it is
 * aligned in itself.
 */

/**
 * A value: numbers of all widths (above 2^53 rounded as any double), texts and paths, booleans, bytes for `ay`, elements for arrays and
 * structs, pairs for dictionaries. A variant is the value it holds.
 */
export type DbusValue = number | string | boolean | Uint8Array | DbusValue[];

/** Thrown for bytes that are no D-Bus, or that exceed a limit. */
export class DbusFormatError extends Error {
  override readonly name = "DbusFormatError";
}

/** The specification allows 32 levels of arrays and 32 of structs; variants count as levels here. */
const mostLevels = 64;
/** Most values in one body: ten for each of 20,000 units, and room. */
const mostValues = 1_000_000;

const alignments: Readonly<Record<string, number>> = {
  y: 1,
  g: 1,
  v: 1,
  n: 2,
  q: 2,
  i: 4,
  u: 4,
  b: 4,
  s: 4,
  o: 4,
  a: 4,
  h: 4,
  x: 8,
  t: 8,
  d: 8,
  "(": 8,
  "{": 8,
};

const decoder = new TextDecoder();

/** Position after padding to a multiple of `alignment`, which is a power of 2. */
export function align(at: number, alignment: number): number {
  return (at + alignment - 1) & ~(alignment - 1);
}

/** Reads the values of `signature` from the start of `bytes`; the values, and where they end. */
export function readValues(
  bytes: Uint8Array,
  signature: string,
  littleEndian: boolean,
): { values: DbusValue[]; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let budget = mostValues;

  /** Takes `size` bytes after padding; their position. */
  function take(size: number, alignment: number): number {
    const start = align(at, alignment);
    if (start + size > bytes.length) {
      throw new DbusFormatError("A value reaches beyond the end of its message");
    }
    at = start + size;
    return start;
  }

  function text(length: number): string {
    const start = take(length + 1, 1);
    if (bytes[start + length] !== 0) throw new DbusFormatError("A text is not ended by a zero");
    return decoder.decode(bytes.subarray(start, start + length));
  }

  function array(types: string, element: number, level: number): DbusValue {
    const length = view.getUint32(take(4, 4), littleEndian);
    take(0, alignments[types[element] ?? ""] ?? 1);
    const end = at + length;
    if (end > bytes.length) throw new DbusFormatError("An array reaches beyond the end of its message");
    if (types[element] === "y") return bytes.slice(take(length, 1), end);
    const elements: DbusValue[] = [];
    while (at < end) elements.push(value(types, element, level + 1));
    if (at !== end) throw new DbusFormatError("An array's last element reaches beyond the array");
    return elements;
  }

  function struct(types: string, start: number, level: number): DbusValue[] {
    take(0, 8);
    const end = typeEnd(types, start) - 1;
    const members: DbusValue[] = [];
    for (let member = start + 1; member < end; member = typeEnd(types, member)) {
      members.push(value(types, member, level + 1));
    }
    return members;
  }

  function variant(level: number): DbusValue {
    const types = text(view.getUint8(take(1, 1)));
    if (types === "" || typeEnd(types, 0) !== types.length) {
      throw new DbusFormatError("A variant's signature is not that of one value");
    }
    return value(types, 0, level + 1);
  }

  /** Reads the one value whose type begins at `type` in `types`. */
  function value(types: string, type: number, level: number): DbusValue {
    if (level > mostLevels) {
      throw new DbusFormatError(`Values are nested more than ${mostLevels} levels deep`);
    }
    if (--budget < 0) throw new DbusFormatError(`There are more than ${mostValues} values in one message`);
    switch (types[type]) {
      case "y":
        return view.getUint8(take(1, 1));
      case "b":
        return view.getUint32(take(4, 4), littleEndian) !== 0;
      case "n":
        return view.getInt16(take(2, 2), littleEndian);
      case "q":
        return view.getUint16(take(2, 2), littleEndian);
      case "i":
        return view.getInt32(take(4, 4), littleEndian);
      case "u":
      case "h":
        return view.getUint32(take(4, 4), littleEndian);
      case "x":
        return Number(view.getBigInt64(take(8, 8), littleEndian));
      case "t":
        return Number(view.getBigUint64(take(8, 8), littleEndian));
      case "d":
        return view.getFloat64(take(8, 8), littleEndian);
      case "s":
      case "o":
        return text(view.getUint32(take(4, 4), littleEndian));
      case "g":
        return text(view.getUint8(take(1, 1)));
      case "v":
        return variant(level);
      case "a":
        return array(types, type + 1, level);
      case "(":
      case "{":
        return struct(types, type, level);
    }
    throw new DbusFormatError(`There is no type "${types[type] ?? ""}"`);
  }

  const values: DbusValue[] = [];
  for (let type = 0; type < signature.length; type = typeEnd(signature, type)) {
    values.push(value(signature, type, 0));
  }
  return { values, end: at };
}

/**
 * Where the type that begins at `at` ends.
 *
 * @throws {DbusFormatError} When no complete type begins there.
 */
function typeEnd(types: string, at: number, level = 0): number {
  if (level > mostLevels) throw new DbusFormatError(`Types are nested more than ${mostLevels} levels deep`);
  const type = types[at];
  if (type === undefined || alignments[type] === undefined) {
    throw new DbusFormatError(`There is no type "${type ?? ""}"`);
  }
  if (type === "a") return typeEnd(types, at + 1, level + 1);
  if (type !== "(" && type !== "{") return at + 1;
  const closing = type === "(" ? ")" : "}";
  let member = typeEnd(types, at + 1, level + 1); // At least one.
  while (types[member] !== closing) member = typeEnd(types, member, level + 1);
  return member + 1;
}
