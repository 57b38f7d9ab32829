/**
 * Samples as JSON: a flat object of gauges, `{"queue_length": 3}`, or a list of `{name, value, labels?, kind?, help?}`.
 *
 * An element that is none is left out and counted; the others stand.
 */
import * as z from "zod/mini";
import { firstIssue } from "../../protocol/issue.ts";
import { sampleSet, type SourceSamples } from "./sample_set.ts";

const sample = z.object({
  name: z.string(),
  value: z.number(),
  labels: z._default(z.record(z.string(), z.string()), {}),
  kind: z._default(z.enum(["gauge", "counter"]), "gauge"),
  help: z.optional(z.string()),
});
const document = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);

/**
 * Parses a text. Its caller bounds its length.
 *
 * @throws When it is not JSON, or neither an object nor a list.
 */
export function parseJsonSamples(text: string): SourceSamples {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error("it is not valid JSON", { cause });
  }
  const parsed = z.safeParse(document, json);
  if (!parsed.success) throw new Error("it is neither a JSON object nor a list");
  const elements = Array.isArray(parsed.data)
    ? parsed.data
    : Object.entries(parsed.data).map(([name, value]) => ({ name, value }));
  const set = sampleSet();
  elements.forEach((element, index) => {
    const found = z.safeParse(sample, element);
    if (!found.success) return set.drop(`element ${index}: ${firstIssue(found.error)}`);
    const { name, value, kind, help, labels } = found.data;
    set.add({ name, value, kind, labels: Object.entries(labels), ...(help === undefined ? {} : { help }) });
  });
  return set.result();
}
