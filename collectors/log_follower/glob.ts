/** Files of a host by a pattern: `*` and `?` within one part of a path, as in a shell. */

import { globMatches } from "../../lib/glob.ts";

/** A file that is there. */
export interface FoundFile {
  /** As the host calls it: without the folder that its root is mounted on. */
  readonly path: string;
  readonly info: Deno.FileInfo;
}

/** Most files of one pattern; each is kept open. */
const maxFiles = 100;

/** What log rotation compresses to. It is no text, and what it holds was read before. */
const compressed = /\.(gz|xz|bz2|zst|lz4|zip|Z)$/;

/** Plain files that `pattern` names, in order of their names; symbolic links are followed. `root` resolves host paths. */
export async function expandGlob(pattern: string, root: (path: string) => string): Promise<FoundFile[]> {
  let paths = [""];
  for (const part of pattern.split("/").filter((part) => part !== "")) {
    const expand = (path: string) => namesLike(part, root(path === "" ? "/" : path));
    const names = /[*?]/.test(part) ? await Promise.all(paths.map(expand)) : paths.map(() => [part]);
    paths = paths.flatMap((path, index) => (names[index] ?? []).map((name) => `${path}/${name}`));
  }
  const found: FoundFile[] = [];
  for (const path of paths) {
    if (found.length === maxFiles) break;
    const info = compressed.test(path) ? undefined : await infoOf(root(path));
    if (info?.isFile) found.push({ path, info });
  }
  return found;
}

/** What is known of the file at `path`; `undefined` when there is none that may be seen. */
export async function infoOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined; // Files come and go, and some are not ours to see: an answer, not a failure.
  }
}

/** Names in a folder that are like `part`. Hidden ones only when the pattern begins with a dot. */
async function namesLike(part: string, folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter((name) => globMatches(part, name));
  return names.filter((name) => part.startsWith(".") || !name.startsWith(".")).sort();
}

/** Names in a folder; none when it is absent or may not be seen. */
export async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch {
    return []; // As for files: absence is an answer.
  }
  return names;
}

/**
 * Names that log rotation gave to what `name` held before, oldest first: `name.2`, `name.1` (numbers count back in time) and
 * `name-20260125`, `name.2026-01-26` (dates count on).
 */
export function rotatedNames(name: string, names: readonly string[]): string[] {
  const numbered: { name: string; number: number }[] = [];
  const dated: string[] = [];
  for (const candidate of names) {
    if (!candidate.startsWith(name) || compressed.test(candidate)) continue;
    const suffix = candidate.slice(name.length);
    if (/^\.\d{1,4}$/.test(suffix)) numbered.push({ name: candidate, number: Number(suffix.slice(1)) });
    else if (/^[.-]\d/.test(suffix)) dated.push(candidate);
  }
  numbered.sort((a, b) => b.number - a.number);
  return [...dated.sort(), ...numbered.map((one) => one.name)];
}
