/** Attributes of a control group, read from its open folder. What is absent belongs to a controller that is off, or to a newer kernel. */
import { contents, type Directory, pathBytes } from "../../ffi/directory.ts";
import { bytesOf, readNamedUnsigned, readUnsigned } from "../../lib/ascii.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** One group as it is sent. */
export type CgroupData = MetricData<"cgroup_list">["cgroups"][number];

/** What a group may use; Infinity where nothing limits it. */
export interface CgroupLimits {
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly tasks: number;
}

/** Which block devices count in sums over devices (`8:0`). */
export type CountsDevice = (device: string) => boolean;

/** A file of a group, by its name. */
export interface Attribute {
  /**
   * Parses it; `undefined` where the group has no such file. The bytes are shared: copy what is kept.
   *
   * @throws When `parse` throws; the message names the file.
   */
  parse<T>(folder: Directory, parse: (bytes: Uint8Array) => T): T | undefined;
}

/** Names a file once. */
export function attribute(name: string): Attribute {
  const path = pathBytes(name);
  return {
    parse(folder, parse) {
      const length = folder.read(path);
      if (length < 0) return undefined;
      try {
        return parse(contents.subarray(0, length));
      } catch (cause) {
        throw new Error(
          `Cannot parse ${name} of a control group: ${cause instanceof Error ? cause.message : cause}`,
          {
            cause,
          },
        );
      }
    },
  };
}

/** A file of lines `name value`: some of its values. */
export interface NamedNumbers {
  /** The values in the order of the names; NaN for a name that is not there, `undefined` without the file. They are shared. */
  read(folder: Directory): Float64Array | undefined;
}

/** Names a file and the lines of it that are of interest. */
export function namedNumbers(file: string, ...names: readonly string[]): NamedNumbers {
  const source = attribute(file);
  const wanted = names.map(bytesOf);
  const values = new Float64Array(names.length);
  const parse = (bytes: Uint8Array) => {
    readNamedUnsigned(bytes, wanted, values);
    return values;
  };
  return { read: (folder) => source.parse(folder, parse) };
}

/** `value` in a unit that is `divisor` times as large; `undefined` for NaN. (Multiplying by 1e-6 would not give the nearest number.) */
export function scaled(value: number | undefined, divisor = 1): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value / divisor;
}

/** Fields of a group that take numbers. */
export type NumberField = {
  [Field in keyof CgroupData]-?: CgroupData[Field] extends number | undefined ? Field : never;
}[keyof CgroupData];

/** The number that a file begins with. */
export function leadingNumber(bytes: Uint8Array): number | undefined {
  return readUnsigned(bytes, 0);
}

/** Sets a field unless there is nothing to set it to. */
export function setNumber(data: CgroupData, field: NumberField, value: number | undefined): void {
  if (value !== undefined && Number.isFinite(value)) data[field] = value;
}
