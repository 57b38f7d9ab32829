/** Envelopes as tables: what a type says once line by line, its list as a table with as many columns as fit. */
import type * as z from "zod/mini";
import { $ZodObject } from "zod/v4/core";
import type { Envelope } from "../protocol/envelope.ts";
import { innerOf, measureOf } from "../protocol/measure.ts";
import { listShapes, metricSchemas } from "../protocol/metrics/mod.ts";
import type { Output, Piece } from "./output.ts";
import { formatValue } from "./units.ts";

type Data = Readonly<Record<string, unknown>>;

/** Writes one envelope. */
export function writeEnvelope(output: Output, envelope: Envelope): void {
  const { type, data } = envelope;
  const schema = metricSchemas[type];
  const list = listShapes[type];
  output.line({ text: type, style: "bold" });
  const single: [Piece, Piece][] = [];
  for (const [field, value] of Object.entries(data)) {
    if (field === list?.field) continue;
    single.push([{ text: `  ${field}`, style: "dim" }, shown(value, fieldOf(schema, field))]);
  }
  if (single.length > 0) output.table([{ title: "" }, { title: "" }], single);
  if (list !== undefined) {
    const elements: unknown = Object.entries(data).find(([field]) => field === list.field)?.[1];
    if (Array.isArray(elements)) writeList(output, elements.filter(isData), list.key, list.schema);
  }
}

function writeList(
  output: Output,
  elements: readonly Data[],
  key: readonly string[],
  schema: z.core.$ZodType,
): void {
  if (elements.length === 0) {
    output.line({ text: "  none", style: "dim" });
    return;
  }
  const fields = fieldsOf(elements, key, schema);
  let room = output.width - 2;
  const chosen: { title: string; align: "left" | "right"; cells: string[] }[] = [];
  for (const title of fields) {
    const cells = elements.map((element) => shown(element[title], fieldOf(schema, title)));
    const width = Math.max(title.length, ...cells.map((cell) => [...cell].length)) + 2;
    if (width > room && chosen.length >= key.length) break;
    room -= width;
    const align = elements.some((element) => typeof element[title] === "number") ? "right" : "left";
    chosen.push({ title, align, cells });
  }
  output.table(
    [{ title: "" }, ...chosen],
    elements.map((_, row) => ["", ...chosen.map(({ cells }) => cells[row] ?? "")]),
  );
  const hidden = fields.slice(chosen.length);
  if (hidden.length > 0) output.line({ text: `  and, with --json: ${hidden.join(", ")}`, style: "dim" });
}

/** Fields of any element: what identifies it, then the percentages that people look for, then the others. */
function fieldsOf(elements: readonly Data[], key: readonly string[], schema: z.core.$ZodType): string[] {
  const fields = new Set(elements.flatMap(Object.keys));
  const rank = (field: string) => {
    if (key.includes(field)) return 0;
    const inner = fieldOf(schema, field);
    return inner !== undefined && measureOf(inner)?.unit === "%" ? 1 : 2;
  };
  return [...fields].sort((a, b) => rank(a) - rank(b));
}

function shown(value: unknown, schema: z.core.$ZodType | undefined): string {
  if (typeof value === "number") {
    const measure = schema === undefined ? undefined : measureOf(schema);
    return measure === undefined || measure.kind === "state"
      ? String(value)
      : formatValue(value, measure.unit);
  }
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.map((item) => shown(item, schema)).join(" ");
  return value === undefined ? "" : JSON.stringify(value);
}

/** Schema of a field of an object, through `optional`. */
function fieldOf(schema: z.core.$ZodType, field: string): z.core.$ZodType | undefined {
  if (schema instanceof $ZodObject) return schema._zod.def.shape[field];
  const inner = innerOf(schema);
  return inner === undefined ? undefined : fieldOf(inner, field);
}

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null;
}
