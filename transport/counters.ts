/** What became of the envelopes since the agent started; counted where it happens, reported by the agent. */
export interface DeliveryCounters {
  /** Batches and envelopes that the server has stored, and the bytes of their bodies. */
  sentBatches: number;
  sentEnvelopes: number;
  sentBytes: number;
  /** Attempts to send that failed. */
  failures: number;
  /** Envelopes that the server did not take while it stored others of their batch. */
  rejectedEnvelopes: number;
  /** Envelopes given up, each counted in a tombstone. */
  lostEnvelopes: number;
}

/** Counters of an agent that has just started. */
export function deliveryCounters(): DeliveryCounters {
  return {
    sentBatches: 0,
    sentEnvelopes: 0,
    sentBytes: 0,
    failures: 0,
    rejectedEnvelopes: 0,
    lostEnvelopes: 0,
  };
}
