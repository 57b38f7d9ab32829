/**
 * What a measured value is called in Prometheus.
 *
 * Names come from the schemas' metadata, so a new type appears by itself. Here stands what the metadata does not say: labels that
 * node_exporter names otherwise or adds, scales, yes-or-no values and the `_info` metrics of its text attributes.
 */
import type { Measure, Unit } from "../../protocol/measure.ts";
import type { Labels } from "../../protocol/series.ts";

/** Prometheus' types. node_exporter leaves counters without `_total` untyped, and so do its boards' linters expect. */
export type FamilyType = "counter" | "gauge" | "untyped";

/** A metric's name, the labels that are part of it, its type, and the factor from our unit to that of the name. */
export interface ExposedName {
  readonly name: string;
  readonly labels: Labels;
  readonly type: FamilyType;
  readonly factor: number;
}

/** Reads the text-format notation of {@linkcode Measure.prometheus}: `node_cpu_seconds_total{mode="user"}`. */
export function exposedName(measure: Measure): ExposedName {
  const brace = measure.prometheus.indexOf("{");
  const name = brace === -1 ? measure.prometheus : measure.prometheus.slice(0, brace);
  const labels = brace === -1 ? [] : [...measure.prometheus.slice(brace).matchAll(/([a-z_]+)="([^"]*)"/g)];
  const counterType = name.endsWith("_total") ? "counter" : "untyped";
  return {
    name,
    labels: Object.fromEntries(labels.map(([, label = "", value = ""]) => [label, value])),
    type: measure.kind === "counter" ? counterType : "gauge",
    factor: factorOf(measure.unit, name),
  };
}

/** By unit: what the name ends in (before `_total`), and the factor to it. */
const factors: { readonly [U in Unit]?: readonly (readonly [suffix: string, factor: number])[] } = {
  "ms": [["_seconds", 1e-3]],
  "us": [["_seconds", 1e-6]],
  "bit/s": [["_bytes", 1 / 8], ["_bytes_per_second", 1 / 8]],
  "Mbit/s": [["_bits_per_second", 1e6]],
  "GHz": [["_hertz", 1e9]],
  "{day}": [["_seconds", 86_400]],
  "By": [["_sectors", 1 / 512]],
  "%": [["_ratio", 1e-2]],
};

function factorOf(unit: Unit, name: string): number {
  const base = name.replace(/_total$/, "");
  return factors[unit]?.find(([suffix]) => base.endsWith(suffix))?.[1] ?? 1;
}

interface LabelRule {
  /** Our label → node_exporter's. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** node_exporter's label → the field of the element that fills it. */
  readonly added?: Readonly<Record<string, string>>;
}

const labelRules: Readonly<Record<string, LabelRule>> = {
  cpu: { renamed: { index: "cpu" } },
  disk: { added: { device: "device", fstype: "filesystem" } },
  network: { renamed: { interface: "device" } },
  temperature: { added: { chip: "chip" } },
  fan: { added: { chip: "chip" } },
  wifi: { renamed: { interface: "device" } },
};

/** The labels of an element's metrics. */
export function exposedLabels(
  element: string,
  labels: Labels,
  data: Readonly<Record<string, unknown>>,
): Labels {
  const rule = labelRules[element];
  if (rule === undefined) return labels;
  const exposed: Record<string, string> = {};
  for (const [label, value] of Object.entries(labels)) exposed[rule.renamed?.[label] ?? label] = value;
  for (const [label, field] of Object.entries(rule.added ?? {})) {
    const value = data[field];
    if (typeof value === "string") exposed[label] = value;
  }
  return exposed;
}

const knownFlags: Readonly<Record<string, string>> = {
  "disk.read_only": "node_filesystem_readonly",
  "disk.hung": "node_filesystem_device_error",
};

/** Name of a yes-or-no value, 1 when it is yes. */
export function flagName(element: string, field: string): string {
  return knownFlags[`${element}.${field}`] ?? `spectra_${element}_${field}`;
}

/** An `_info` metric: always 1, its labels are the facts. */
export interface InfoRule {
  readonly name: string;
  readonly help: string;
  /** Label → field. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The `_info` metrics of an element. */
export const infoRules: Readonly<Record<string, readonly InfoRule[]>> = {
  network: [{
    name: "node_network_info",
    help: "Facts of the network interface.",
    labels: { address: "mac_address", duplex: "duplex", operstate: "oper_state" },
  }],
  service: [{
    name: "node_systemd_unit_state",
    help: "The unit's state now.",
    labels: { state: "status" },
  }],
  system: [
    {
      name: "node_os_info",
      help: "The operating system.",
      labels: { name: "os_name", version_id: "os_version" },
    },
    { name: "node_uname_info", help: "The kernel.", labels: { release: "kernel" } },
  ],
};
