/**
 * Metric families: samples of one name together, each series once.
 *
 * Bounded: at most {@linkcode maximumSeries} series, whatever a host has.
 */
import type { Labels } from "../../protocol/series.ts";
import type { FamilyType } from "./names.ts";

/** Most series of one answer. */
export const maximumSeries = 50_000;

/** What a family is. */
export interface FamilyHead {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
}

/** A family with its samples; `samples` is keyed by the labels in text format. */
export interface Family extends FamilyHead {
  readonly samples: ReadonlyMap<string, number>;
}

/** Gathers samples. */
export interface FamilySet {
  /** Adds a sample; a second one of the same series is left out. */
  add(head: FamilyHead, labels: Labels, value: number): void;
  /** In the order of their names. */
  families(): readonly Family[];
  /** Series that were left out for want of room. */
  readonly leftOut: number;
}

/** An empty set. */
export function familySet(): FamilySet {
  const families = new Map<string, FamilyHead & { readonly samples: Map<string, number> }>();
  let series = 0;
  let leftOut = 0;
  return {
    add(head, labels, value) {
      let family = families.get(head.name);
      if (family === undefined) families.set(head.name, family = { ...head, samples: new Map() });
      const key = labelText(labels);
      if (family.samples.has(key)) return;
      if (series >= maximumSeries) leftOut++;
      else {
        family.samples.set(key, value);
        series++;
      }
    },
    families: () =>
      [...families.values()].filter(({ samples }) => samples.size > 0)
        .sort((a, b) => a.name < b.name ? -1 : 1),
    get leftOut() {
      return leftOut;
    },
  };
}

/** Longest value of a label, in characters. */
const maximumLabelLength = 1024;

/** `{device="sda",mode="x"}` in the order of the labels' names; empty labels say nothing and are left out. */
function labelText(labels: Labels): string {
  const parts = Object.entries(labels)
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([label, value]) => `${label}="${escapeLabel(value.slice(0, maximumLabelLength))}"`);
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}

/** The format escapes these three; a lone half of a surrogate pair would not be UTF-8. */
function escapeLabel(value: string): string {
  return value.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
