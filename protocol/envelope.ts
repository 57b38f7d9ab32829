/**
 * The envelope: `{type, timestamp, hostname, data}`, and how one is judged.
 *
 * A batch is a JSON array of them. One bad envelope never sinks the rest, so each is parsed by itself.
 */
import * as z from "zod/mini";
import { text } from "./limits.ts";
import { isMetricType, type MetricData, metricSchemas, type MetricType } from "./metrics/mod.ts";

/** RFC 3339 timestamp with `Z` or an offset and any number of fraction digits. */
export const timestampSchema = z.iso.datetime({ offset: true });

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

/** First complaint of a zod error as `path: message`, with the path in dots. */
export function firstIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "invalid";
  const path = issue.path.map(String).join(".");
  return path === "" ? describe(issue) : `${path}: ${describe(issue)}`;
}

// zod/mini ships without a locale, so its messages are all "Invalid input"; the issue itself says enough.
function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${issue.expected}`;
    case "too_big":
      return `must be at most ${issue.maximum}${lengthUnit(issue.origin)}`;
    case "too_small":
      return `must be at least ${issue.minimum}${lengthUnit(issue.origin)}`;
    case "invalid_format":
      return `must be ${issue.format === "datetime" ? "an RFC 3339 timestamp" : `a valid ${issue.format}`}`;
    case "invalid_value":
      return `must be one of ${issue.values.map(String).join(", ")}`;
    case "unrecognized_keys":
      return `unknown key ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
    default:
      return issue.message;
  }
}

function lengthUnit(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " elements" : "";
}

function typeOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("type" in value)) return "";
  return typeof value.type === "string" ? value.type.slice(0, 64) : "";
}

/** What the server answers about an envelope that it did not store. */
export const rejectionSchema = z.object({ index: z.number(), type: z.string(), reason: z.string() });

/** 202 answer to a batch. */
export const acceptedSchema = z.object({
  accepted: z.number(),
  duplicate: z.boolean(),
  rejected: z.array(rejectionSchema),
});

/** 202 answer to a batch. */
export type Accepted = z.infer<typeof acceptedSchema>;

/** Identity of a batch, in the header `Spectra-Batch: <epoch>/<seq>`. */
export interface BatchId {
  /** Random per spool. */
  readonly epoch: string;
  /** +1 per batch, from 1. */
  readonly sequence: number;
}

const batchPattern = /^([A-Za-z0-9_-]{1,64})\/([0-9]{1,15})$/;

/** Reads a `Spectra-Batch` header; `undefined` when it is malformed. */
export function parseBatchId(header: string): BatchId | undefined {
  const match = batchPattern.exec(header);
  if (match === null) return undefined;
  const [, epoch, sequence] = match;
  if (epoch === undefined || sequence === undefined) return undefined;
  return { epoch, sequence: Number(sequence) };
}

/** Writes a `Spectra-Batch` header. */
export function formatBatchId(id: BatchId): string {
  return `${id.epoch}/${id.sequence}`;
}
