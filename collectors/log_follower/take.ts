/**
 * Cutting what a file has grown by into lines or records.
 *
 * What is not whole yet is left in the file and read again when there is more of it, so a position always stands at the start of
 * a line. A line longer than 64 KiB is cut and marked; of one longer than the window that is read at once, the rest is passed
 * over (`discarding`) until its line break comes.
 */

/** What a window of bytes is. */
export interface Window {
  /** It begins inside a line of which the beginning was given already. */
  readonly discarding: boolean;
  /** There can be no more bytes in a window: waiting for a line break does not help. */
  readonly full: boolean;
  /** The file is finished: no more will come. */
  readonly finished: boolean;
}

/** What was taken of a window. */
export interface Taken {
  readonly bytes: number;
  readonly discarding: boolean;
}

/** Takes whole pieces from the start of `bytes`. */
export type Take = (bytes: Uint8Array, window: Window) => Taken;

/** Longest line in characters; also in bytes for what is not ASCII, where fewer characters make the same length. */
export const maxLineLength = 64 * 1024;

const NEWLINE = 0x0a;
const decoder = new TextDecoder();

/** Takes lines and gives them to `onLine` without their line breaks; what is not UTF-8 becomes U+FFFD. Empty lines are passed over. */
export function takeLines(onLine: (line: string) => void): Take {
  const give = (line: string) => {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (text.length > maxLineLength) onLine(cut(text));
    else if (text !== "") onLine(text);
  };
  return (bytes, { discarding, full, finished }) => {
    let start = 0;
    if (discarding) {
      const end = bytes.indexOf(NEWLINE);
      if (end === -1) return { bytes: bytes.length, discarding: !finished };
      start = end + 1;
    }
    const end = finished ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (end > start) {
      for (const line of decoder.decode(bytes.subarray(start, end)).split("\n")) give(line);
      return { bytes: end, discarding: false };
    }
    if (start > 0 || !full) return { bytes: start, discarding: false };
    onLine(cut(decoder.decode(bytes.subarray(0, maxLineLength + 1))));
    return { bytes: bytes.length, discarding: true };
  };
}

function cut(line: string): string {
  return line.slice(0, maxLineLength) + "…";
}

/** Takes records of `size` bytes; the bytes are valid during the call only. */
export function takeRecords(size: number, onRecord: (record: Uint8Array) => void): Take {
  return (bytes) => {
    let at = 0;
    for (; at + size <= bytes.length; at += size) onRecord(bytes.subarray(at, at + size));
    return { bytes: at, discarding: false };
  };
}
