/**
 * `/proc/net/snmp` and `/proc/net/netstat` (RFC 4022, RFC 4113; kernel: `net/ipv4/proc.c`): per protocol one line of names and one of
 * values,
 *
 * ```
 * Udp: InDatagrams NoPorts InErrors …
 * Udp: 51 2 0 …
 * ```
 *
 * Kernels add names and change their order: a value is found by its name.
 */
import {
  bytesOf,
  fieldEnd,
  findLine,
  lineEnd,
  nextField,
  nextLine,
  readUnsigned,
  startsWith,
} from "../../lib/ascii.ts";
import { requireWholeLines } from "../host_file.ts";

/** Counters of one protocol under the names that they have on the wire; absent is what the kernel does not have. */
export type Counters<Field extends string> = { [F in Field]?: number };

/**
 * Makes a parser of the lines that begin with `protocol` and a colon. `fields` gives the kernel's name of each field.
 *
 * The parser throws when there is no such pair of lines, or one is cut off.
 */
export function countersParser<Field extends string>(
  protocol: string,
  fields: readonly (readonly [field: Field, name: string])[],
): (bytes: Uint8Array) => Counters<Field> {
  const prefix = bytesOf(`${protocol}: `);
  const wanted = fields.map(([field, name]) => ({ field, name: bytesOf(name) }));

  return (bytes) => {
    requireWholeLines(bytes);
    const namesLine = findLine(bytes, prefix);
    const valuesLine = namesLine === undefined
      ? undefined
      : findLine(bytes, prefix, nextLine(bytes, namesLine));
    if (namesLine === undefined || valuesLine === undefined) {
      throw new Error(`it has no pair of lines "${protocol}:"`);
    }
    const counters: Counters<Field> = {};
    const namesEnd = lineEnd(bytes, namesLine);
    const valuesEnd = lineEnd(bytes, valuesLine);
    let valueAt = nextField(bytes, valuesLine);
    for (let nameAt = nextField(bytes, namesLine); nameAt < namesEnd; nameAt = nextField(bytes, nameAt)) {
      if (valueAt >= valuesEnd) throw new Error(`"${protocol}:" has more names than values`);
      for (const { field, name } of wanted) {
        if (!startsWith(bytes, nameAt, name) || fieldEnd(bytes, nameAt) !== nameAt + name.length) continue;
        const value = readUnsigned(bytes, valueAt);
        if (value !== undefined) counters[field] = value;
      }
      valueAt = nextField(bytes, valueAt);
    }
    return counters;
  };
}
