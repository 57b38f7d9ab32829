/**
 * Envelopes that wait to be sent, in memory, bounded in number and bytes.
 *
 * Invariant: an envelope that entered leaves in a batch, or is counted in a tombstone that leaves in a batch. When the
 * queue is full the oldest go. Losses of the same reason wait together and cost one envelope in the next batch.
 */
import { type Clock, timestampOf } from "../lib/clock.ts";
import type { Envelope } from "../protocol/envelope.ts";
import type { DeliveryCounters } from "./counters.ts";

/** Most bytes that wait, whatever the number of envelopes. */
export const queueMaximumBytes = 32 * 1024 * 1024;

/** Why envelopes were given up; `reason` of a tombstone. */
export type LossReason = "queue_full" | "too_large" | "refused" | "rejected" | "renamed";

/** Envelopes that were given up together. */
export interface Loss {
  readonly reason: LossReason;
  readonly detail: string;
  readonly count: number;
  /** Timestamps of the first and the last, RFC 3339. */
  readonly from: string;
  readonly to: string;
}

/** One envelope as it will be sent. */
export interface QueuedEnvelope {
  /** Its JSON in UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** RFC 3339. */
  readonly timestamp: string;
  /** What it reports, when it is a tombstone: given up itself, its losses are reported again. */
  readonly loss?: Loss;
}

/** The queue. */
export interface MemoryQueue {
  push(envelope: QueuedEnvelope): void;
  /**
   * Takes the oldest envelopes, tombstones first: at most `maxEnvelopes`, and at most `maxBytes` unless the first one
   * alone is longer.
   */
  take(maxEnvelopes: number, maxBytes: number): QueuedEnvelope[];
  /** Gives up envelopes that were taken. */
  lose(envelopes: readonly QueuedEnvelope[], reason: LossReason, detail: string): void;
  /** Envelopes that wait, tombstones that are due included. */
  readonly length: number;
  readonly bytes: number;
}

/** What a queue is made of. */
export interface MemoryQueueOptions {
  readonly clock: Clock;
  /** The host's name on tombstones. */
  readonly hostname: string;
  /** Most envelopes that wait; asked each time, so the answer may change. */
  maxEnvelopes(): number;
  readonly counters: Pick<DeliveryCounters, "lostEnvelopes">;
  /** {@linkcode queueMaximumBytes} when absent. */
  readonly maxBytes?: number;
}

/** Makes an empty queue. */
export function memoryQueue(options: MemoryQueueOptions): MemoryQueue {
  const { clock, hostname, maxEnvelopes, counters, maxBytes = queueMaximumBytes } = options;
  const waiting: QueuedEnvelope[] = [];
  // Entries before `head` are gone: shifting an array of thousands for each would be quadratic.
  let head = 0;
  let bytes = 0;
  const losses = new Map<LossReason, Loss>();

  const shift = (): QueuedEnvelope | undefined => {
    const envelope = waiting[head];
    if (envelope === undefined) return undefined;
    bytes -= envelope.bytes.length;
    head++;
    if (head >= 1_024 || head === waiting.length) {
      waiting.splice(0, head);
      head = 0;
    }
    return envelope;
  };

  const giveUp = (envelope: QueuedEnvelope, reason: LossReason, detail: string): void => {
    if (envelope.loss === undefined) {
      counters.lostEnvelopes++;
      add({ reason, detail, count: 1, from: envelope.timestamp, to: envelope.timestamp });
    } else add(envelope.loss);
  };

  const add = (loss: Loss): void => {
    const before = losses.get(loss.reason);
    losses.set(loss.reason, before === undefined ? loss : merge(before, loss));
  };

  return {
    push(envelope) {
      waiting.push(envelope);
      bytes += envelope.bytes.length;
      while (waiting.length - head > maxEnvelopes() || bytes > maxBytes) {
        const oldest = shift();
        if (oldest === undefined) break;
        giveUp(
          oldest,
          "queue_full",
          "The queue of the agent was full: the server could not be reached for too long.",
        );
      }
    },
    take(most, mostBytes) {
      const taken: QueuedEnvelope[] = [];
      let takenBytes = 0;
      for (const [reason, loss] of losses) {
        if (taken.length >= most) break;
        const tombstone = tombstoneOf(loss, hostname, timestampOf(clock.now()));
        losses.delete(reason);
        taken.push(tombstone);
        takenBytes += tombstone.bytes.length;
      }
      while (taken.length < most) {
        const next = waiting[head];
        if (next === undefined || (taken.length > 0 && takenBytes + next.bytes.length > mostBytes)) break;
        shift();
        taken.push(next);
        takenBytes += next.bytes.length;
      }
      return taken;
    },
    lose(envelopes, reason, detail) {
      for (const envelope of envelopes) giveUp(envelope, reason, detail);
    },
    get length() {
      return waiting.length - head + losses.size;
    },
    get bytes() {
      return bytes;
    },
  };
}

function merge(a: Loss, b: Loss): Loss {
  return {
    reason: a.reason,
    detail: b.detail,
    count: a.count + b.count,
    // Timestamps of one agent have one form, in which the order of text is the order of time.
    from: a.from < b.from ? a.from : b.from,
    to: a.to > b.to ? a.to : b.to,
  };
}

function tombstoneOf(loss: Loss, hostname: string, timestamp: string): QueuedEnvelope {
  const envelope = { type: "tombstone", timestamp, hostname, data: loss } as const;
  return { ...encodeEnvelope(envelope), loss };
}

const encoder = new TextEncoder();

/** Encodes an envelope for the queue. */
export function encodeEnvelope(envelope: Envelope): QueuedEnvelope {
  return { bytes: encoder.encode(JSON.stringify(envelope)), timestamp: envelope.timestamp };
}
