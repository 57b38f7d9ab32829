/**
 * Cuts the queue into batches: as many envelopes as fit, or what there is when the oldest has waited long enough.
 *
 * Invariant: a batch keeps its id and its bytes until it is settled, so the server can tell a retry from new data.
 */
import type { Clock } from "../lib/clock.ts";
import { formatBatchId } from "../protocol/batch.ts";
import { gzip } from "./codec.ts";
import type { LossReason, MemoryQueue, QueuedEnvelope } from "./memory_queue.ts";

/** Most bytes of JSON in one batch: far below what a server takes, so that halving (413) stays rare. */
const batchMaximumBytes = 4 * 1024 * 1024;

/** Envelopes that are sent together. */
export interface Batch {
  /** `Spectra-Batch` header: `<epoch>/<sequence>`. */
  readonly id: string;
  readonly envelopes: readonly QueuedEnvelope[];
  /** Their JSON array, gzipped. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What a batcher is made of. The functions are asked each time, so their answers may change. */
export interface BatcherOptions {
  readonly clock: Clock;
  readonly queue: MemoryQueue;
  /** First part of every batch id: random per queue. */
  readonly epoch: string;
  maxEnvelopes(): number;
  /** How long an envelope waits for others. */
  maxDelayMs(): number;
}

/** A batcher. */
export interface Batcher {
  push(envelope: QueuedEnvelope): void;
  /**
   * The batch to send: one that is not settled yet, else the next. Once `stop` is aborted it does not wait any more:
   * `undefined` when nothing is there. One caller at a time.
   */
  next(stop: AbortSignal): Promise<Batch | undefined>;
  /** Forgets a batch that the server has. */
  settle(batch: Batch): void;
  /** Forgets a batch that the server can never take, leaving a tombstone. */
  giveUp(batch: Batch, reason: LossReason, detail: string): void;
  /** Forgets a batch that the server has, save those at `indexes`: they leave a tombstone. */
  settleWithout(batch: Batch, indexes: ReadonlySet<number>, detail: string): void;
  /** Replaces a batch by its halves. */
  split(batch: Batch): Promise<void>;
  /** Takes everything out, to be given up or sent otherwise. */
  takeAll(): QueuedEnvelope[];
  /** Envelopes that are not settled, and their bytes of JSON. */
  readonly waiting: { readonly envelopes: number; readonly bytes: number };
}

/** Makes a batcher in front of `queue`. */
export function batcher({ clock, queue, epoch, maxEnvelopes, maxDelayMs }: BatcherOptions): Batcher {
  let unsettled: Batch[] = [];
  let sequence = 0;
  let dueMs: number | undefined;
  let wake = () => {};

  const isFull = () => queue.length >= maxEnvelopes() || queue.bytes >= batchMaximumBytes;

  /** Notes that something waits; true when the next batch is due sooner than was known. */
  const noteDue = (): boolean => {
    const due = clock.monotonicMs() + maxDelayMs();
    if (dueMs !== undefined && due >= dueMs) return false;
    dueMs = due;
    return true;
  };

  const waitUntilDue = async (stop: AbortSignal): Promise<void> => {
    // Tombstones enter the queue without a push.
    if (queue.length > 0) noteDue();
    while (!stop.aborted && !isFull()) {
      const waitMs = dueMs === undefined ? undefined : dueMs - clock.monotonicMs();
      if (waitMs !== undefined && waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        wake = () => {
          cancel();
          stop.removeEventListener("abort", wake);
          resolve();
        };
        const cancel = waitMs === undefined ? () => {} : clock.after(waitMs, wake);
        stop.addEventListener("abort", wake);
      });
    }
  };

  const batchOf = async (envelopes: readonly QueuedEnvelope[]): Promise<Batch> => ({
    id: formatBatchId({ epoch, sequence: ++sequence }),
    envelopes,
    body: await gzip(jsonArrayOf(envelopes)),
  });

  const settle = (batch: Batch): void => {
    unsettled = unsettled.filter((other) => other !== batch);
  };

  return {
    push(envelope) {
      queue.push(envelope);
      // Woken only by what changes the waiting: the first envelope, the one that fills a batch, a shorter delay.
      if (noteDue() || isFull()) wake();
    },
    async next(stop) {
      const [first] = unsettled;
      if (first !== undefined) return first;
      await waitUntilDue(stop);
      const envelopes = queue.take(maxEnvelopes(), batchMaximumBytes);
      dueMs = undefined;
      if (envelopes.length === 0) return undefined;
      const batch = await batchOf(envelopes);
      unsettled.push(batch);
      return batch;
    },
    settle,
    giveUp(batch, reason, detail) {
      settle(batch);
      queue.lose(batch.envelopes, reason, detail);
    },
    settleWithout(batch, indexes, detail) {
      settle(batch);
      // A tombstone that was rejected would be again, for ever.
      const lost = batch.envelopes.filter(({ loss }, index) => indexes.has(index) && loss === undefined);
      queue.lose(lost, "rejected", detail);
    },
    async split(batch) {
      const middle = Math.ceil(batch.envelopes.length / 2);
      const halves = [
        await batchOf(batch.envelopes.slice(0, middle)),
        await batchOf(batch.envelopes.slice(middle)),
      ];
      unsettled = unsettled.flatMap((other) => other === batch ? halves : [other]);
    },
    takeAll() {
      const envelopes = unsettled.flatMap((batch) => batch.envelopes);
      unsettled = [];
      return [...envelopes, ...queue.take(Infinity, Infinity)];
    },
    get waiting() {
      let { length: envelopes, bytes } = queue;
      for (const batch of unsettled) {
        envelopes += batch.envelopes.length;
        for (const envelope of batch.envelopes) bytes += envelope.bytes.length;
      }
      return { envelopes, bytes };
    },
  };
}

function jsonArrayOf(envelopes: readonly QueuedEnvelope[]): Uint8Array<ArrayBuffer> {
  let length = 1 + envelopes.length;
  for (const envelope of envelopes) length += envelope.bytes.length;
  const json = new Uint8Array(length);
  let at = 0;
  for (const { bytes } of envelopes) {
    json[at++] = at === 1 ? 0x5b : 0x2c; // "[" before the first, "," before the others
    json.set(bytes, at);
    at += bytes.length;
  }
  json[at] = 0x5d; // "]"
  return json;
}
