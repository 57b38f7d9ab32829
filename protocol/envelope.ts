/**
 * The envelope: `{type, timestamp, hostname, data}`, and how one is judged.
 *
 * A batch is a JSON array of them. One bad envelope never sinks the rest, so each is parsed by itself.
 */
import * as z from "zod/mini";
import { firstIssue } from "./issue.ts";
import { text } from "./limits.ts";
import { isMetricType, type MetricData, metricSchemas, type MetricType } from "./metrics/mod.ts";
import { timestampSchema } from "./timestamp.ts";

// These stand in files of their own because an agent needs them and not the schemas of every type, which cost it 2 MB.
export {
  type Accepted,
  acceptedSchema,
  type BatchId,
  formatBatchId,
  parseBatchId,
  rejectionSchema,
} from "./batch.ts";
export { firstIssue } from "./issue.ts";
export { timestampSchema } from "./timestamp.ts";

const headSchema = z.object({
  type: text(64),
  timestamp: timestampSchema,
  hostname: z.string().check(z.minLength(1), z.maxLength(255)),
  data: z.record(z.string(), z.unknown()),
});

/** One measurement of one host at one time. */
export type Envelope = {
  [T in MetricType]: {
    readonly type: T;
    /** RFC 3339. */
    readonly timestamp: string;
    readonly hostname: string;
    readonly data: MetricData<T>;
  };
}[MetricType];

/** A parsed envelope, or why it can't be one. */
export type EnvelopeVerdict =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly type: string; readonly reason: string };

/** Judges one element of a batch. Never throws. */
export function parseEnvelope(value: unknown): EnvelopeVerdict {
  const head = headSchema.safeParse(value);
  if (!head.success) return { ok: false, type: typeOf(value), reason: firstIssue(head.error) };
  const { type, timestamp, hostname, data } = head.data;
  if (!isMetricType(type)) return { ok: false, type, reason: `unknown envelope type "${type}"` };
  const body = z.safeParse<z.core.$ZodType>(metricSchemas[type], data);
  if (!body.success) return { ok: false, type, reason: `data.${firstIssue(body.error)}` };
  return { ok: true, envelope: envelopeOf(type, timestamp, hostname, body.data) };
}

// `body.data` was parsed by the schema of `type` in the lines above; TypeScript can't follow that correlation
// through an indexed access, so it is stated here, once.
function envelopeOf(type: MetricType, timestamp: string, hostname: string, data: unknown): Envelope {
  return { type, timestamp, hostname, data } as Envelope;
}

function typeOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("type" in value)) return "";
  return typeof value.type === "string" ? value.type.slice(0, 64) : "";
}
