/** From readings to what `/metrics` answers. */
import { type DataRecord, recordsOf, seriesDefinitions } from "../../protocol/series.ts";
import type { Reading } from "../shared_reading.ts";
import { type FamilyHead, type FamilySet, familySet } from "./families.ts";
import { type ExpositionFormat, renderFamilies } from "./format.ts";
import { exposedLabels, type ExposedName, exposedName, flagName, infoRules } from "./names.ts";

/** What is written besides the readings. */
export interface ExpositionFacts {
  /** Name that this host reports. */
  readonly hostname: string;
  /** Wall-clock time, for `node_time_seconds`. */
  readonly epochMs: number;
}

/** The text of these readings. */
export function renderReadings(
  readings: readonly Reading[],
  facts: ExpositionFacts,
  format: ExpositionFormat,
): string {
  const set = familySet();
  for (const { measurements } of readings) {
    for (const { type, data } of measurements) {
      for (const record of recordsOf(type, data)) addRecord(set, record, facts);
    }
  }
  addOwn(set, readings, facts);
  return renderFamilies(set.families(), format);
}

function addRecord(set: FamilySet, record: DataRecord, { hostname }: ExpositionFacts): void {
  const { element, data, samples } = record;
  for (const { name: seriesName, labels: own, value } of samples) {
    const head = headOf(seriesName);
    if (head === undefined) continue;
    const { name, type, help, labels: fixed, factor } = head;
    set.add({ name, type, help }, { ...exposedLabels(element, own, data), ...fixed }, scaled(value, factor));
  }
  const labels = exposedLabels(element, record.labels, data);
  for (const [field, value] of Object.entries(data)) {
    if (typeof value === "boolean") set.add(flagHead(element, field), labels, value ? 1 : 0);
  }
  for (const { name, help, labels: fields } of infoRules[element] ?? []) {
    const facts = Object.entries(fields).flatMap(([label, field]) => {
      const value = data[field];
      return typeof value === "string" ? [[label, value] as const] : [];
    });
    if (facts.length === 0) continue;
    if (name === "node_uname_info") facts.push(["nodename", hostname]);
    set.add({ name, type: "gauge", help }, { ...labels, ...Object.fromEntries(facts) }, 1);
  }
}

function addOwn(set: FamilySet, readings: readonly Reading[], { epochMs }: ExpositionFacts): void {
  const gauge = (name: string, help: string): FamilyHead => ({ name, type: "gauge", help });
  set.add(gauge("node_time_seconds", "Time of this answer, Unix time."), {}, epochMs / 1000);
  const success = gauge("node_scrape_collector_success", "1 when the collector gave a reading.");
  const age = gauge("spectra_collector_reading_age_seconds", "Time since the values were measured.");
  for (const { collector, outcome, ageMs } of readings) {
    if (outcome === "unsupported") continue;
    set.add(success, { collector }, outcome === "ok" ? 1 : 0);
    if (outcome === "ok") set.add(age, { collector }, Math.round(ageMs) / 1000);
  }
  const leftOut = gauge(
    "spectra_exposition_series_left_out",
    "Series that there was no room for in this answer.",
  );
  set.add(leftOut, {}, set.leftOut);
}

function flagHead(element: string, field: string): FamilyHead {
  return {
    name: flagName(element, field),
    type: "gauge",
    help: `1 when "${field}" of "${element}" holds, else 0.`,
  };
}

/** Without the noise that a factor adds in the last binary digits. */
function scaled(value: number, factor: number): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(15));
}

const heads = new Map<string, ExposedName & { readonly help: string }>();

function headOf(seriesName: string): (ExposedName & { readonly help: string }) | undefined {
  const known = heads.get(seriesName);
  if (known !== undefined) return known;
  const measure = seriesDefinitions().get(seriesName)?.measure;
  if (measure === undefined) return undefined;
  const head = { ...exposedName(measure), help: measure.help };
  heads.set(seriesName, head);
  return head;
}
