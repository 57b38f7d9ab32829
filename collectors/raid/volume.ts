/** What the readers of the three kinds share. */
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** One element of `raid_list`. */
export type Volume = MetricData<"raid_list">["volumes"][number];

/** One device of a volume. */
export type Member = NonNullable<Volume["members"]>[number];

/** Names in a folder of the kernel's, sorted; empty where there is no such folder. */
export function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
  } catch {
    return []; // The host lacks that part of the kernel, or it went away: there is nothing to report from it.
  }
}
