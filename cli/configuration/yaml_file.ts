/**
 * A configuration file in YAML 1.2: keys with their values and where they stand.
 *
 * Bounded: 1 MiB, and no aliases, which nobody needs here and which can stand for terabytes.
 */
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { CommandError, exitCodes } from "../exit_codes.ts";
import type { Origin, Problem } from "./problem.ts";

const maxFileBytes = 1024 * 1024;

/** One key of the file with its value. */
export interface FileEntry {
  /** Path of keys joined by dots: `collectors.cpu.enabled`. */
  readonly key: string;
  /** Where the key stands. */
  readonly origin: Origin;
  /** Plain JavaScript value; `null` when nothing is written there. */
  readonly value: unknown;
  /** Where the value stands. */
  readonly valueOrigin: Origin;
}

/** What a file says, and what in it is not YAML as we take it. */
export interface YamlFile {
  readonly entries: readonly FileEntry[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a configuration file; `isSection` tells which keys hold further keys of ours.
 *
 * @throws {CommandError} When it can't be read, is too long or is not text.
 */
export async function readYamlFile(file: string, isSection: (key: string) => boolean): Promise<YamlFile> {
  const bytes = await readBounded(file);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CommandError(
      exitCodes.configuration,
      `Cannot use the configuration ${file}: it is not UTF-8 text`,
      {
        cause,
      },
    );
  }
  return parseYaml(text, file, isSection);
}

async function readBounded(file: string): Promise<Uint8Array> {
  const buffer = new Uint8Array(maxFileBytes + 1);
  let length = 0;
  try {
    using opened = await Deno.open(file);
    while (length < buffer.length) {
      const count = await opened.read(buffer.subarray(length));
      if (count === null) break;
      length += count;
    }
  } catch (cause) {
    throw new CommandError(exitCodes.configuration, `Cannot read the configuration ${file}`, { cause });
  }
  if (length > maxFileBytes) {
    throw new CommandError(
      exitCodes.configuration,
      `Cannot use the configuration ${file}: it is longer than ${maxFileBytes} bytes`,
    );
  }
  return buffer.subarray(0, length);
}

/** Parses the text of a configuration file; `isSection` tells which keys hold further keys of ours. */
export function parseYaml(text: string, file: string, isSection: (key: string) => boolean): YamlFile {
  const lineCounter = new LineCounter();
  const place: Place = (offset) => {
    const { line, col } = lineCounter.linePos(offset);
    return { source: "file", file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  try {
    // Duplicate keys are found below, with both their places; the library compares every key with every other.
    const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
    const problems = syntaxProblems(document, place);
    return problems.length > 0 ? { entries: [], problems } : entriesOf(document, place, isSection);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The parser recurses: only thousands of levels end it like this.
    return { entries: [], problems: [{ origin: place(0), message: "nested too deeply" }] };
  }
}

type Place = (offset: number) => Origin;

function syntaxProblems(document: Document, place: Place): Problem[] {
  const problems = [...document.errors, ...document.warnings].map((error): Problem => ({
    origin: place(error.pos[0]),
    message: `not valid YAML: ${error.message}`,
  }));
  visit(document, {
    Alias(_, node) {
      problems.push({
        origin: place(node.range?.[0] ?? 0),
        message: `alias *${node.source}: aliases are not taken here; write the value itself`,
      });
      return visit.BREAK;
    },
  });
  return problems;
}

function entriesOf(document: Document, place: Place, isSection: (key: string) => boolean): YamlFile {
  const entries: FileEntry[] = [];
  const problems: Problem[] = [];
  const walk = (node: Node | null, prefix: string) => {
    if (node === null || (isScalar(node) && node.value === null)) return;
    const start = place(node.range?.[0] ?? 0);
    if (!isMap(node)) {
      const what = prefix === "" ? "the configuration" : `"${prefix.slice(0, -1)}"`;
      problems.push({ origin: start, message: `${what} must be a section: lines of "key: value"` });
      return;
    }
    for (const { key, value } of node.items) {
      const origin = isNode(key) ? place(key.range?.[0] ?? 0) : start;
      if (!isScalar(key) || typeof key.value !== "string") {
        problems.push({ origin, message: "a key must be text" });
        continue;
      }
      const name = prefix + key.value;
      const valueNode = isNode(value) ? value : null;
      if (isSection(name)) walk(valueNode, `${name}.`);
      else {
        entries.push({
          key: name,
          origin,
          value: valueNode === null ? null : valueNode.toJS(document),
          valueOrigin: valueNode?.range ? place(valueNode.range[0]) : origin,
        });
      }
    }
  };
  walk(document.contents, "");
  return { entries, problems };
}
