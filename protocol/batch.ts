/** A batch of envelopes: its identity, and what the server answers to it. */
import * as z from "zod/mini";

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

const batchPattern = /^([A-Za-z0-9_-]{1,64})\/([1-9][0-9]{0,14})$/;

/** Reads a `Spectra-Batch` header; `undefined` when it is malformed: a sequence counts from 1. */
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
