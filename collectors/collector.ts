/** What a collector is. `collectors/mod.ts` lists them all; the agent and `spectra collect` run them. */
import * as z from "zod/mini";
import type { HostFs } from "../lib/host_fs.ts";
import type { Clock } from "../lib/clock.ts";
import type { Measurement, MetricType } from "../protocol/metrics/mod.ts";

/** The host that is measured. */
export interface Host {
  readonly os: typeof Deno.build.os;
  readonly fs: HostFs;
  readonly clock: Clock;
  /** Folder for what must outlive a restart (positions in logs); absent when nothing is to be kept (`spectra collect`). */
  readonly stateDirectory?: string;
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
  /** Cheap, and asked again from time to time: hardware comes and goes. Without its settings some have nothing to do. */
  detect(host: Host, settings?: Readonly<Record<string, unknown>>): Availability;
  create(host: Host, settings?: Readonly<Record<string, unknown>>): Collector;
  /** What can be set below `collectors.<name>` in the configuration, besides `enabled` and `interval_seconds`. */
  readonly settings?: SettingsSchema;
}

/** Settings of a collector: `snake_case` keys, each with a default, so that `{}` is valid. */
export type SettingsSchema = z.ZodMiniObject;

/** Defines a collector that has settings. It gets them parsed; what is passed in was checked when it was configured. */
export function withSettings<Schema extends SettingsSchema>(
  definition: Omit<CollectorDefinition, "create" | "detect" | "settings"> & {
    readonly settings: Schema;
    detect(host: Host, settings: z.infer<Schema>): Availability;
    create(host: Host, settings: z.infer<Schema>): Collector;
  },
): CollectorDefinition {
  return {
    ...definition,
    detect: (host, settings = {}) => definition.detect(host, z.parse(definition.settings, settings)),
    create: (host, settings = {}) => definition.create(host, z.parse(definition.settings, settings)),
  };
}
