/**
 * A batch: judged when it comes, decoded when it is read back.
 *
 * A host's clock may be wrong. Times after the server's own can't be true, nor can those before this program was written;
 * such envelopes are moved so that the newest of them was measured when it arrived. Where that is all of the batch its
 * bytes stay as they came: what was added is stored beside them and applied whenever they are decoded. Where it is some, the
 * batch is written anew.
 */
import { timestampOf } from "../lib/clock.ts";
import type { Accepted } from "../protocol/batch.ts";
import { type Envelope, type EnvelopeVerdict, parseEnvelope } from "../protocol/envelope.ts";
import { limits } from "../protocol/limits.ts";
import { BodyError, type ContentEncoding, encodingOf, gzip, inflate } from "../transport/codec.ts";
import type { BatchRow } from "./storage/batches_table.ts";
import { parseElements } from "./json_elements.ts";
import type { Pacer } from "./pacer.ts";
import type { EncodedBody } from "./request_body.ts";

/** How far a host's clock may be ahead before its times are corrected, in milliseconds. */
export const clockToleranceMs = 60_000;

/** No host measured anything for Spectra before this. */
const earliestMs = Date.UTC(2020, 0, 1);

/** A judged batch. */
export interface JudgedBatch {
  /** The valid envelopes, with corrected timestamps. */
  readonly envelopes: readonly Envelope[];
  readonly rejected: Accepted["rejected"];
  /** Time of the oldest and the newest envelope, corrected; Unix ms. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** What was added to all timestamps; 0 where not the same was added to all. */
  readonly clockOffsetMs: number;
  /** True when the same was added to all timestamps. */
  readonly isUniform: boolean;
}

/**
 * Judges each element of a batch by itself; `pace` is asked before each one.
 *
 * @throws {BodyError} 413 when it has too many elements.
 */
export async function judgeBatch(
  batch: readonly unknown[],
  hostname: string,
  receivedMs: number,
  pace: Pacer = () => undefined,
): Promise<JudgedBatch> {
  if (batch.length > limits.envelopes) {
    throw new BodyError(413, `Batch has more than ${limits.envelopes} envelopes: send less at once`);
  }
  const envelopes: Envelope[] = [];
  const rejected: Accepted["rejected"] = [];
  for (let index = 0; index < batch.length; index++) {
    const pause = pace();
    if (pause !== undefined) await pause;
    const verdict = judgeEnvelope(batch[index], hostname);
    if (!verdict.ok) {
      rejected.push({ index, type: verdict.type, reason: verdict.reason });
      continue;
    }
    envelopes.push(verdict.envelope);
  }
  return { ...corrected(envelopes, receivedMs), rejected };
}

function judgeEnvelope(value: unknown, hostname: string): EnvelopeVerdict {
  const verdict = parseEnvelope(value);
  if (!verdict.ok) return verdict;
  const { type, timestamp } = verdict.envelope;
  if (verdict.envelope.hostname !== hostname) {
    return { ok: false, type, reason: "hostname: is not the host that sent the batch" };
  }
  if (Number.isNaN(Date.parse(timestamp))) return { ok: false, type, reason: "timestamp: is no time" };
  return verdict;
}

/** Envelopes with times that can be true, and what was done to them. */
function corrected(envelopes: readonly Envelope[], receivedMs: number): Omit<JudgedBatch, "rejected"> {
  const times = envelopes.map(({ timestamp }) => Date.parse(timestamp));
  const correction = correctionOf(times, receivedMs);
  const offsets = times.map(correction);
  const [clockOffsetMs = 0] = offsets;
  const isUniform = offsets.every((offset) => offset === clockOffsetMs);
  let [firstMs, lastMs] = [Infinity, -Infinity];
  for (const [index, atMs] of times.entries()) {
    const correctedMs = atMs + (offsets[index] ?? 0);
    firstMs = Math.min(firstMs, correctedMs);
    lastMs = Math.max(lastMs, correctedMs);
  }
  return {
    envelopes: isUniform
      ? shifted(envelopes, clockOffsetMs)
      : envelopes.flatMap((envelope, index) => shifted([envelope], offsets[index] ?? 0)),
    firstMs,
    lastMs,
    clockOffsetMs: isUniform ? clockOffsetMs : 0,
    isUniform,
  };
}

/** What to add to each of the times (Unix ms) that came together: 0 unless it can't be true. */
export function correctionOf(times: readonly number[], receivedMs: number): (atMs: number) => number {
  let newestMs = -Infinity;
  let newestAncientMs = -Infinity;
  for (const atMs of times) {
    newestMs = Math.max(newestMs, atMs);
    if (atMs < earliestMs) newestAncientMs = Math.max(newestAncientMs, atMs);
  }
  // A clock that is ahead beyond doubt is so for all that it dated after now, also within the tolerance.
  const isAhead = newestMs > receivedMs + clockToleranceMs;
  return (atMs) => {
    if (atMs < earliestMs) return receivedMs - newestAncientMs;
    return isAhead && atMs > receivedMs ? receivedMs - newestMs : 0;
  };
}

function shifted(envelopes: readonly Envelope[], offsetMs: number): readonly Envelope[] {
  if (offsetMs === 0) return envelopes;
  return envelopes.map((envelope) => ({
    ...envelope,
    timestamp: timestampOf(Date.parse(envelope.timestamp) + offsetMs),
  }));
}

/** What is stored of a batch: its body as it came when all of it was valid and of one clock, else its envelopes. */
export async function storedBody(
  body: EncodedBody,
  batch: JudgedBatch,
): Promise<{ readonly encoding: ContentEncoding; readonly bytes: Uint8Array<ArrayBuffer> }> {
  if (batch.rejected.length === 0 && batch.isUniform) return body;
  // Written as they came: the offset is applied when they are read.
  const valid = shifted(batch.envelopes, -batch.clockOffsetMs);
  return { encoding: "gzip", bytes: await gzip(new TextEncoder().encode(JSON.stringify(valid))) };
}

/**
 * The envelopes of a stored batch, with corrected timestamps.
 *
 * @param isWanted Of which types; the others are not looked at.
 * @param pace Asked before each one.
 */
export async function decodeBatch(
  row: BatchRow,
  isWanted: (type: unknown) => boolean = () => true,
  pace: Pacer = () => undefined,
): Promise<readonly Envelope[]> {
  const elements = await parseElements(await inflate(row.body, encodingOf(row.encoding)), pace);
  const envelopes: Envelope[] = [];
  for (const element of elements) {
    if (!isWanted(typeOf(element))) continue;
    const pause = pace();
    if (pause !== undefined) await pause;
    const verdict = parseEnvelope(element);
    if (verdict.ok) envelopes.push(verdict.envelope);
  }
  return shifted(envelopes, row.clockOffsetMs);
}

function typeOf(element: unknown): unknown {
  return typeof element === "object" && element !== null && "type" in element ? element.type : undefined;
}
