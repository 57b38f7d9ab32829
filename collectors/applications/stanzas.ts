/**
 * Files of stanzas: lines `Key: value`, stanzas separated by an empty line (deb-control(5); apk's database does the same with one-letter
 * keys and no blank). They are megabytes, so they are read in pieces, and only the fields that are asked for are kept.
 */

/** A longer line is a description or rubbish: its end is dropped. */
const maxLineLength = 65_536;

/** Fields of one stanza. */
export type Stanza = ReadonlyMap<string, string>;

/**
 * Calls `onStanza` with the fields `keys` of each stanza of the file at `path` that has any line.
 *
 * @throws When the file can't be read; the message names it.
 */
export async function readStanzas(
  path: string,
  keys: ReadonlySet<string>,
  onStanza: (stanza: Stanza) => void,
): Promise<void> {
  let fields = new Map<string, string>();
  let lines = 0;
  const end = () => {
    if (lines > 0) onStanza(fields);
    fields = new Map();
    lines = 0;
  };
  const onLine = (line: string) => {
    if (line.trim() === "") return end();
    lines++;
    if (line.startsWith(" ") || line.startsWith("\t")) return; // Continues a field that nobody asks for.
    const colon = line.indexOf(":");
    const key = line.slice(0, Math.max(0, colon));
    if (keys.has(key)) fields.set(key, line.slice(colon + 1).trim());
  };
  try {
    let rest = "";
    for await (const piece of (await Deno.open(path)).readable.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + piece).split("\n");
      rest = (parts.pop() ?? "").slice(0, maxLineLength);
      for (const line of parts) onLine(line);
    }
    if (rest !== "") onLine(rest);
  } catch (cause) {
    throw new Error(`Cannot read ${path}`, { cause });
  }
  end();
}
