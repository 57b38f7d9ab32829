/** What a collector is. `collectors/mod.ts` lists them all; the agent and `spectra collect` run them. */
import type { HostFs } from "../lib/host_fs.ts";
import type { Clock } from "../lib/clock.ts";
import type { Measurement, MetricType } from "../protocol/metrics/mod.ts";

/** The host that is measured. */
export interface Host {
  readonly os: typeof Deno.build.os;
  readonly fs: HostFs;
  readonly clock: Clock;
}

/** Whether this host has what a collector reads. */
export type Availability =
  | { readonly status: "available" }
  /** The host has no such thing. Not a failure. */
  | { readonly status: "unsupported"; readonly reason: string }
  /** It has, but we may not read it. `reason` says what to grant. */
  | { readonly status: "denied"; readonly reason: string };

/** A collector at work. It keeps its files open and remembers the reading before, so each reader makes its own. */
export interface Collector {
  /**
   * One reading. What needs two readings (percentages) is absent from the first.
   *
   * @throws When the source can't be read or parsed; the message names it.
   */
  collect(): Measurement[] | Promise<Measurement[]>;
  /** Closes files. */
  close?(): void;
}

/** One entry of the registry. */
export interface CollectorDefinition {
  readonly name: string;
  /** One line for `--help` and the docs. */
  readonly summary: string;
  readonly types: readonly MetricType[];
  /** Default pace. */
  readonly intervalSeconds: number;
  /** How long a collection may take before it counts as hung. */
  readonly deadlineMs: number;
  /** Cheap, and asked again from time to time: hardware comes and goes. */
  detect(host: Host): Availability;
  create(host: Host): Collector;
}
