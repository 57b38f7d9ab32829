/**
 * The meaning of a number on the wire, written once on its schema.
 *
 * Storage, exposition, dashboard, JSON Schema and `docs/metrics.md` all read it from there. A field without it
 * fails `protocol/metrics/mod_test.ts`.
 */
import * as z from "zod/mini";
import { $ZodArray, $ZodNullable, $ZodOptional } from "zod/v4/core";

/**
 * UCUM-like unit of a value: bytes, seconds, percent (0–100), bit/s, plain counts in braces, and `state` numbers
 * that only name something (a PID).
 */
export type Unit =
  | "By"
  | "s"
  | "ms"
  | "us"
  | "%"
  | "By/s"
  | "bit/s"
  | "Mbit/s"
  | "Cel"
  | "Hz"
  | "GHz"
  | "V"
  | "A"
  | "W"
  | "Wh"
  | "J"
  | "dBm"
  | "1"
  | `{${string}}`;

/** What a number means. `counter` only grows (until its source restarts), `state` is an identity or a code. */
export interface Measure {
  readonly unit: Unit;
  readonly kind: "gauge" | "counter" | "state";
  /** One sentence in plain words. */
  readonly help: string;
  /** Prometheus name in text-format notation, node_exporter's where both know the value. */
  readonly prometheus: string;
  /** OpenTelemetry semantic-convention name, `null` where there is none. */
  readonly otel: string | null;
}

type Names = Omit<Measure, "kind" | "otel"> & { otel?: string };

function number(kind: Measure["kind"], names: Names) {
  const measure: Measure = {
    unit: names.unit,
    kind,
    help: names.help,
    prometheus: names.prometheus,
    otel: names.otel ?? null,
  };
  return z.number().check(z.meta({ description: names.help, measure }));
}

/** A value that goes up and down. */
export function gauge(names: Names) {
  return number("gauge", names);
}

/** A raw cumulative value, never negative. Rates are derived from it in one place: where it is read. */
export function counter(names: Names) {
  return number("counter", names).check(z.minimum(0));
}

/** A number that names or encodes something rather than measuring it. */
export function state(names: Names) {
  return number("state", names);
}

/** The measure of a numeric schema, looking through `optional`, `nullable` and array wrappers; `undefined` for anything else. */
export function measureOf(schema: z.core.$ZodType): Measure | undefined {
  const meta = z.globalRegistry.get(schema);
  if (meta !== undefined && isMeasure(meta["measure"])) return meta["measure"];
  const inner = innerOf(schema);
  return inner === undefined ? undefined : measureOf(inner);
}

/** The schema inside an `optional`, a `nullable` or an array, `undefined` where there is none. */
export function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof $ZodOptional) return schema._zod.def.innerType;
  if (schema instanceof $ZodNullable) return schema._zod.def.innerType;
  if (schema instanceof $ZodArray) return schema._zod.def.element;
  return undefined;
}

function isMeasure(value: unknown): value is Measure {
  return typeof value === "object" && value !== null && "unit" in value && "kind" in value;
}
