/**
 * Series keys: `name` or `name{label="value",…}`, label values being JSON strings, as `protocol/series.ts`
 * writes them. The live feed names its values by key only.
 */

/** What a key says. */
export interface SeriesIdentity {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A label with its comma or the end: the value is a JSON string, so a quote inside it is escaped. */
const labelPattern = /([A-Za-z_][A-Za-z0-9_]*)=("(?:[^"\\]|\\.)*")(,|$)/y;

/** Takes a key apart; `undefined` when it is malformed. */
export function parseSeriesKey(key: string): SeriesIdentity | undefined {
  const brace = key.indexOf("{");
  if (brace === -1) return { name: key, labels: {} };
  if (!key.endsWith("}")) return undefined;
  const inside = key.slice(brace + 1, -1);
  const labels: Record<string, string> = Object.create(null); // A label may be called `__proto__`.
  let at = 0;
  while (at < inside.length) {
    labelPattern.lastIndex = at;
    const match = labelPattern.exec(inside);
    const [whole, label, value] = match ?? [];
    if (whole === undefined || label === undefined || value === undefined) return undefined;
    const text = stringOf(value);
    if (text === undefined) return undefined;
    labels[label] = text;
    at += whole.length;
  }
  return { name: key.slice(0, brace), labels };
}

function stringOf(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined; // Not JSON: the key is malformed, which the caller is told.
  }
}

/** The name in a key, without taking its labels apart. */
export function seriesNameOf(key: string): string {
  const brace = key.indexOf("{");
  return brace === -1 ? key : key.slice(0, brace);
}

/** Writes a key; labels in the order that the protocol gives them. */
export function seriesKeyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${parts.join(",")}}`;
}
