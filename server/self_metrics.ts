/** Counters about the server itself, for `/metrics`. */

/** What is counted: name without `spectra_server_` and `_total` → help text. */
const counterHelp = {
  batches_accepted: "Batches stored.",
  batches_duplicate: "Batches that had been stored before.",
  envelopes_accepted: "Envelopes stored.",
  envelopes_rejected: "Envelopes of accepted and refused batches that were not stored.",
  body_bytes: "Bytes of batch bodies as received.",
  requests: "HTTP requests.",
  request_errors: "HTTP requests answered with a status of 500 or above.",
  authentication_failures: "HTTP requests whose credentials were refused.",
} as const;

/** Name of a counter. */
export type CounterName = keyof typeof counterHelp;

/** A value read when it is asked for. */
export interface Gauge {
  /** Without `spectra_server_`. */
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** Counters about the server itself. */
export interface SelfMetrics {
  increment(counter: CounterName, by?: number): void;
  /** Prometheus text format 0.0.4 of all counters, and of gauges that the caller has read. */
  render(gauges: readonly Gauge[]): string;
}

/** Makes the counters, all 0. */
export function createSelfMetrics(): SelfMetrics {
  const counts = new Map<string, number>();
  return {
    increment(counter, by = 1) {
      counts.set(counter, (counts.get(counter) ?? 0) + by);
    },
    render(gauges) {
      const counters = Object.entries(counterHelp).map(([name, help]) =>
        exposition(`spectra_server_${name}_total`, "counter", help, counts.get(name) ?? 0)
      );
      return [
        ...counters,
        ...gauges.map(({ name, help, value }) => exposition(`spectra_server_${name}`, "gauge", help, value)),
      ].join("");
    },
  };
}

function exposition(name: string, type: "counter" | "gauge", help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}
