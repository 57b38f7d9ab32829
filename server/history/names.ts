/** What a question about the past asks for: which series, from when to when. */
import * as z from "zod/mini";
import { timestampSchema } from "../../protocol/timestamp.ts";
import { seriesDefinitions } from "../../protocol/series.ts";

/** Most names in one question, wildcards counted as one. */
const maxNames = 200;

/** The names that were asked for, or why not. */
export type NamesVerdict =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly detail: string };

/** Resolves a comma-separated list of series names; one that ends with `*` stands for all that start so. */
export function resolveNames(list: string | undefined): NamesVerdict {
  const asked = (list ?? "").split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (asked.length === 0) return { ok: false, detail: "names: is needed, for example cpu.usage,disk.*" };
  if (asked.length > maxNames) return { ok: false, detail: `names: at most ${maxNames} at once` };
  const found = new Set<string>();
  const unknown: string[] = [];
  for (const name of asked) {
    const matching = matchesOf(name);
    if (matching.length === 0) unknown.push(name.slice(0, 100));
    for (const match of matching) found.add(match);
  }
  if (unknown.length > 0) return { ok: false, detail: `names: there is no series ${unknown.join(", ")}` };
  return { ok: true, names: [...found] };
}

function matchesOf(name: string): string[] {
  const definitions = seriesDefinitions();
  if (!name.endsWith("*")) return definitions.has(name) ? [name] : [];
  const prefix = name.slice(0, -1);
  return [...definitions.keys()].filter((known) => known.startsWith(prefix));
}

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * A time as Unix milliseconds: RFC 3339, Unix milliseconds, or relative to now (`-90s`, `-15m`, `-1h`, `-7d`).
 * `undefined` for anything else.
 */
export function parseTime(text: string, nowMs: number): number | undefined {
  const relative = /^-(\d{1,9})([smhd])$/.exec(text);
  if (relative !== null) {
    const [, amount, unit] = relative;
    const seconds = secondsPer[unit ?? ""];
    return seconds === undefined ? undefined : nowMs - Number(amount) * seconds * 1000;
  }
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const absolute = z.safeParse(timestampSchema, text);
  if (!absolute.success) return undefined;
  const atMs = Date.parse(absolute.data);
  return Number.isNaN(atMs) ? undefined : atMs;
}
