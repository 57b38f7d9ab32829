/** What the readers of the three kinds share. */
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** One element of `raid_list`. */
export type Volume = MetricData<"raid_list">["volumes"][number];

/** One device of a volume. */
export type Member = NonNullable<Volume["members"]>[number];
