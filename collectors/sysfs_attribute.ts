/**
 * One value of a driver's in sysfs that is read again and again (kernel: `Documentation/filesystems/sysfs.rst`).
 *
 * A driver answers a read with EAGAIN, EIO, ENODATA, EINVAL … when it has no value at the moment: that is an answer, of this one
 * file. When the device goes away, the open file answers ENODEV.
 */

/** What a read found: a value, `none` at the moment, or the file is `gone`. */
export type AttributeReading =
  | { readonly status: "value"; readonly value: number }
  | { readonly status: "none" | "gone" };

/** A value that is read again and again; its file is kept open. */
export interface SysfsAttribute {
  read(): AttributeReading;
  /** The same on a thread of the runtime's, for drivers that take long. One call at a time. */
  readInBackground(): Promise<AttributeReading>;
  close(): void;
}

/** Longer than any number or word. */
const bufferBytes = 64;
/** What is read directly; it is parsed before the next read. */
const shared = new Uint8Array(bufferBytes);

const none = { status: "none" } as const;
const gone = { status: "gone" } as const;

/** Opens `path` at the first read. `parse` gets the file's first bytes, and answers `undefined` to what is no value. */
export function sysfsAttribute(
  path: string,
  parse: (bytes: Uint8Array) => number | undefined = parseInteger,
): SysfsAttribute {
  let file: Deno.FsFile | undefined;
  let own: Uint8Array<ArrayBuffer> | undefined;
  const close = () => {
    file?.close();
    file = undefined;
  };
  const readingOf = (bytes: Uint8Array, count: number | null): AttributeReading => {
    const value = parse(bytes.subarray(0, count ?? 0));
    return value === undefined ? none : { status: "value", value };
  };
  const failed = (error: unknown): AttributeReading => {
    close(); // Opened afresh the next time.
    return isGone(error) ? gone : none;
  };
  return {
    read() {
      try {
        file ??= Deno.openSync(path);
        file.seekSync(0, Deno.SeekMode.Start);
        return readingOf(shared, file.readSync(shared));
      } catch (error) {
        return failed(error);
      }
    },
    async readInBackground() {
      own ??= new Uint8Array(bufferBytes);
      try {
        file ??= await Deno.open(path);
        await file.seek(0, Deno.SeekMode.Start);
        return readingOf(own, await file.read(own));
      } catch (error) {
        return failed(error);
      }
    },
    close,
  };
}

/** No such file, ENODEV (19), or closed while it was read in the background. Deno has no error class for the second. */
function isGone(error: unknown): boolean {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.BadResource) return true;
  return error instanceof Error && error.message.includes("(os error 19)");
}

const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** The integer that the file holds. */
function parseInteger(bytes: Uint8Array): number | undefined {
  const negative = bytes[0] === MINUS;
  let at = negative ? 1 : 0;
  let value = 0;
  let digits = 0;
  for (let byte = bytes[at]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = bytes[++at]) {
    value = value * 10 + (byte - ZERO);
    digits++;
  }
  if (digits === 0) return undefined;
  return negative ? -value : value;
}
