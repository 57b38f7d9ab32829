/**
 * The throttling bits of a Raspberry Pi's firmware (Raspberry Pi documentation: `vcgencmd get_throttled`): bits 0 to 3 are conditions
 * now, bits 16 to 19 say that they occurred since boot.
 */
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** Takes the bits apart. */
export function decodeThrottled(bits: number): MetricData<"throttle"> {
  const isSet = (bit: number) => (bits & (1 << bit)) !== 0;
  return {
    undervoltage: isSet(0),
    arm_freq_capped: isSet(1),
    throttled: isSet(2),
    soft_temp_limit: isSet(3),
    undervoltage_occurred: isSet(16),
    freq_cap_occurred: isSet(17),
    throttled_occurred: isSet(18),
    soft_temp_occurred: isSet(19),
  };
}
