/**
 * Everything that is written to standard output and standard error by commands: results and words for people on the one,
 * complaints on the other. All text is made harmless here, since most of it was named by some host.
 */
import { sanitise } from "../lib/text.ts";

/** How a piece of text is shown on a terminal with colours. */
export type Style = "bold" | "dim" | "red" | "yellow" | "green";

/** Text, with or without a style. */
export type Piece = string | { readonly text: string; readonly style: Style };

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
}

/** What commands write with. */
export interface Output {
  /** One line of the result. */
  line(...pieces: Piece[]): void;
  /** Columns as wide as their widest cell; without a head when no column has a title. */
  table(columns: readonly Column[], rows: readonly (readonly Piece[])[]): void;
  /** JSON on one line. */
  json(value: unknown): void;
  /** One line on standard error. */
  complain(...pieces: Piece[]): void;
  /** Text that this program wrote itself and that has several lines, e.g. help. */
  verbatim(text: string): void;
  /** Clears the screen of a terminal; nothing elsewhere. */
  clear(): void;
  /** Characters in a line. */
  readonly width: number;
  /** True when a person sees the result as it is written. */
  readonly terminal: boolean;
}

/** Thrown when nobody reads standard output any more, as in `spectra collect | head -1`. */
export class OutputClosedError extends Error {
  override readonly name = "OutputClosedError";
}

/** A place to write to. */
export interface Stream {
  write(bytes: Uint8Array): void;
  readonly terminal: boolean;
}

const escapes: Readonly<Record<Style, string>> = {
  bold: "1",
  dim: "2",
  red: "31",
  yellow: "33",
  green: "32",
};

const defaultWidth = 100;

/** Longest text of one cell or line. */
const maxPieceLength = 4096;

/** An output on two streams; `colours` is false where `NO_COLOR` or the terminal says so. */
export function createOutput(
  result: Stream,
  complaints: Stream,
  colours: boolean,
  width = defaultWidth,
): Output {
  const encoder = new TextEncoder();
  const write = (stream: Stream, text: string) => stream.write(encoder.encode(text));
  const render = (stream: Stream, piece: Piece) => {
    const text = sanitise(textOf(piece), maxPieceLength);
    if (typeof piece === "string" || !colours || !stream.terminal || text === "") return text;
    return `\x1b[${escapes[piece.style]}m${text}\x1b[0m`;
  };
  const line = (stream: Stream, pieces: readonly Piece[]) =>
    write(stream, pieces.map((piece) => render(stream, piece)).join("") + "\n");
  return {
    line: (...pieces) => line(result, pieces),
    table(columns, rows) {
      const titles = columns.map(({ title }): Piece => ({ text: title, style: "dim" }));
      const all = columns.every(({ title }) => title === "") ? rows : [titles, ...rows];
      const widths = columns.map((_, column) =>
        Math.max(...all.map((row) => shownLength(row[column] ?? "")))
      );
      for (const row of all) {
        const cells = columns.map((column, index) => {
          const piece = row[index] ?? "";
          const padding = " ".repeat((widths[index] ?? 0) - shownLength(piece));
          const shown = render(result, piece);
          return column.align === "right" ? padding + shown : shown + padding;
        });
        write(result, cells.join("  ").trimEnd() + "\n");
      }
    },
    json: (value) => write(result, harmlessJson(value) + "\n"),
    complain: (...pieces) => line(complaints, pieces),
    verbatim: (text) => write(result, text),
    clear: () => result.terminal && write(result, "\x1b[H\x1b[2J"),
    width,
    terminal: result.terminal,
  };
}

function textOf(piece: Piece): string {
  return typeof piece === "string" ? piece : piece.text;
}

function shownLength(piece: Piece): number {
  return [...sanitise(textOf(piece), maxPieceLength)].length;
}

// What JSON.stringify leaves as it is and a terminal obeys: C1 controls and the marks that reorder text. All of it stands
// inside strings, where an escape means the same.
const unescaped = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function harmlessJson(value: unknown): string {
  return JSON.stringify(value).replace(
    unescaped,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The process's own output. `NO_COLOR` (no-color.org) and `TERM=dumb` switch colours off. */
export function processOutput(): Output {
  const colours = (Deno.env.get("NO_COLOR") ?? "") === "" && Deno.env.get("TERM") !== "dumb";
  return createOutput(processStream(Deno.stdout), processStream(Deno.stderr), colours, terminalWidth());
}

function processStream(stream: typeof Deno.stdout): Stream {
  return {
    terminal: stream.isTerminal(),
    write(bytes) {
      try {
        for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
      } catch (cause) {
        if (cause instanceof Deno.errors.BrokenPipe) {
          throw new OutputClosedError("Nobody reads the output", { cause });
        }
        throw new Error("Cannot write the output", { cause });
      }
    },
  };
}

function terminalWidth(): number {
  if (!Deno.stdout.isTerminal()) return defaultWidth;
  try {
    return Math.max(40, Deno.consoleSize().columns);
  } catch {
    return defaultWidth; // Some terminals do not tell their size.
  }
}
