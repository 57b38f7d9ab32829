/** What a collector returned, by type. */
import * as z from "zod/mini";
import { type Measurement, type MetricType } from "../../protocol/metrics/mod.ts";

/** Data of the measurement of `type`, checked by its schema as the server checks it; `undefined` when there is none. */
export function dataOf<Schema extends z.ZodMiniType>(
  measurements: readonly Measurement[],
  type: MetricType,
  schema: Schema,
): z.infer<Schema> | undefined {
  const found = measurements.find((measurement) => measurement.type === type);
  return found === undefined ? undefined : z.parse(schema, found.data);
}
