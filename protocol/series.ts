/**
 * From envelopes to series: a number with a name and labels.
 *
 * `cpu.usage`, `cpu.cores{index="3"}`, `disk.disk_used{mountpoint="/"}`. A list and its elements sent one by one (v1)
 * give the same names. Which fields are numbers, and which identify an element, is read from the schemas.
 */
import type * as z from "zod/mini";
import { $ZodArray, $ZodObject } from "zod/v4/core";
import { innerOf, type Measure, measureOf } from "./measure.ts";
import { elementKeys, listShapes, metricSchemas, type MetricType, metricTypes } from "./metrics/mod.ts";

/** What tells the series of one name apart, e.g. `{mountpoint: "/"}`. */
export type Labels = Readonly<Record<string, string>>;

/** One number of one envelope. */
export interface Sample {
  /** `<element>.<field>`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A series name with its meaning. */
export interface SeriesDefinition {
  readonly name: string;
  readonly measure: Measure;
  /** Label names, in order. */
  readonly labels: readonly string[];
  /** Envelope types that carry it. */
  readonly types: readonly MetricType[];
}

interface NumericField {
  readonly field: string;
  readonly measure: Measure;
  readonly array: boolean;
}

interface Group {
  readonly element: string;
  readonly key: readonly string[];
  readonly fields: readonly NumericField[];
}

interface Shape {
  readonly own: Group;
  readonly list?: Group & { readonly listField: string };
}

const shapes = new Map<MetricType, Shape>();

function shapeOf(type: MetricType): Shape {
  const known = shapes.get(type);
  if (known !== undefined) return known;
  const key = elementKeys[type] ?? [];
  const own: Group = {
    element: type.replace(/_list$/, ""),
    key,
    fields: numericFields(metricSchemas[type], key),
  };
  const list = listShapes[type];
  const shape: Shape = list === undefined ? { own } : {
    own,
    list: {
      element: list.element,
      key: list.key,
      listField: list.field,
      fields: numericFields(list.schema, list.key),
    },
  };
  shapes.set(type, shape);
  return shape;
}

function numericFields(schema: z.core.$ZodType, key: readonly string[]): NumericField[] {
  if (!(schema instanceof $ZodObject)) return [];
  const fields: NumericField[] = [];
  for (const [field, inner] of Object.entries(schema._zod.def.shape)) {
    const measure = measureOf(inner);
    if (measure !== undefined && !key.includes(field)) fields.push({ field, measure, array: isArray(inner) });
  }
  return fields;
}

function isArray(schema: z.core.$ZodType): boolean {
  if (schema instanceof $ZodArray) return true;
  const inner = innerOf(schema);
  return inner !== undefined && isArray(inner);
}

/** All numbers of one envelope's data. `data` has been parsed by the schema of `type`. */
export function samplesOf(type: MetricType, data: Readonly<Record<string, unknown>>): Sample[] {
  const shape = shapeOf(type);
  const samples: Sample[] = [];
  collect(shape.own, data, samples);
  if (shape.list !== undefined) {
    const elements = data[shape.list.listField];
    if (Array.isArray(elements)) {
      for (const element of elements) if (isRecord(element)) collect(shape.list, element, samples);
    }
  }
  return samples;
}

/** One element of an envelope: its fields, and its numbers as samples. */
export interface DataRecord {
  readonly element: string;
  /** What tells it apart. */
  readonly labels: Labels;
  readonly data: Readonly<Record<string, unknown>>;
  readonly samples: readonly Sample[];
}

/** The elements of one envelope's data: the data itself, and those of its list. */
export function recordsOf(type: MetricType, data: Readonly<Record<string, unknown>>): DataRecord[] {
  const { own, list } = shapeOf(type);
  const record = (group: Group, data: Readonly<Record<string, unknown>>): DataRecord => {
    const samples: Sample[] = [];
    collect(group, data, samples);
    return { element: group.element, labels: labelsOf(group, data), data, samples };
  };
  const elements = list === undefined ? undefined : data[list.listField];
  return [
    record(own, data),
    ...list === undefined || !Array.isArray(elements)
      ? []
      : elements.filter(isRecord).map((element) => record(list, element)),
  ];
}

function labelsOf(group: Group, data: Readonly<Record<string, unknown>>): Labels {
  const labels: Record<string, string> = {};
  for (const key of group.key) {
    const value = data[key];
    if (value !== undefined) labels[key] = String(value);
  }
  return labels;
}

function collect(group: Group, data: Readonly<Record<string, unknown>>, into: Sample[]): void {
  const labels = labelsOf(group, data);
  for (const { field, array } of group.fields) {
    const value = data[field];
    const name = `${group.element}.${field}`;
    if (typeof value === "number") into.push({ name, labels, value });
    else if (array && Array.isArray(value)) {
      value.forEach((item, index) => {
        if (typeof item === "number") {
          into.push({ name, labels: { ...labels, index: String(index) }, value: item });
        }
      });
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

let definitions: ReadonlyMap<string, SeriesDefinition> | undefined;

/** Every series name there is, with its meaning. */
export function seriesDefinitions(): ReadonlyMap<string, SeriesDefinition> {
  if (definitions !== undefined) return definitions;
  const found = new Map<string, SeriesDefinition>();
  const add = (group: Group, type: MetricType) => {
    for (const { field, measure, array } of group.fields) {
      const name = `${group.element}.${field}`;
      const types = [...(found.get(name)?.types ?? []), type];
      found.set(name, { name, measure, labels: array ? [...group.key, "index"] : group.key, types });
    }
  };
  for (const type of metricTypes) {
    const shape = shapeOf(type);
    add(shape.own, type);
    if (shape.list !== undefined) add(shape.list, type);
  }
  definitions = found;
  return found;
}

/** One text for one series, e.g. `disk.disk_used{mountpoint="/"}`; label values are JSON strings. */
export function seriesKey(name: string, labels: Labels): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return parts.length === 0 ? name : `${name}{${parts.join(",")}}`;
}
