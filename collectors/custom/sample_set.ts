/**
 * The samples of one source under its limits: 2,000 of them, each a finite number with a name and labels of bounded length, none
 * twice. What breaks a limit is left out and counted.
 */

/** A number as a source gives it. */
export interface CustomSample {
  readonly name: string;
  /** Canonical text: see {@linkcode canonicalLabels}. */
  readonly labels: string;
  readonly value: number;
  readonly kind: "gauge" | "counter";
  readonly help?: string;
}

/** What a source gave. */
export interface SourceSamples {
  readonly samples: readonly CustomSample[];
  /** Samples left out. */
  readonly dropped: number;
  /** What was wrong with the first that was malformed. */
  readonly problem?: string;
}

/** Bounds of one source. */
export const sampleLimits = {
  samples: 2_000,
  nameLength: 256,
  labels: 32,
  labelsLength: 1_024,
  helpLength: 1_024,
} as const;

/** Gathers samples. */
export interface SampleSet {
  add(
    sample: Omit<CustomSample, "labels"> & { readonly labels: readonly (readonly [string, string])[] },
  ): void;
  /** Counts one that can't be added. */
  drop(problem?: string): void;
  result(): SourceSamples;
}

/** Makes an empty set. */
export function sampleSet(): SampleSet {
  const samples = new Map<string, CustomSample>();
  let dropped = 0;
  let problem: string | undefined;
  const drop = (why?: string) => {
    dropped++;
    problem ??= why;
  };
  return {
    drop,
    add({ name, labels, value, kind, help }) {
      const text = canonicalLabels(labels);
      if (text === undefined) return drop("the labels are too many or too long, or one is there twice");
      if (name === "" || name.length > sampleLimits.nameLength) return drop("a name is empty or too long");
      if (!Number.isFinite(value)) return drop();
      if (kind === "counter" && value < 0) return drop("a counter is negative");
      const key = `${name}{${text}}`;
      if (samples.has(key)) return drop("a sample is there twice");
      if (samples.size >= sampleLimits.samples) {
        return drop(`there are more than ${sampleLimits.samples} samples`);
      }
      samples.set(key, {
        name,
        labels: text,
        value,
        kind,
        ...(help === undefined ? {} : { help: help.slice(0, sampleLimits.helpLength) }),
      });
    },
    result: () => ({
      samples: [...samples.values()],
      dropped,
      ...(problem === undefined ? {} : { problem }),
    }),
  };
}

/** One text for one set of labels: `a="x",b="y"`, sorted by name, values as JSON strings. `undefined` when it breaks a limit. */
export function canonicalLabels(labels: readonly (readonly [string, string])[]): string | undefined {
  if (labels.length > sampleLimits.labels || new Set(labels.map(([name]) => name)).size < labels.length) {
    return undefined;
  }
  const sorted = labels.toSorted(([a], [b]) => a < b ? -1 : 1);
  const text = sorted.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",");
  return text.length > sampleLimits.labelsLength ? undefined : text;
}
