/** How well the clock is kept, from what adjtimex(2) tells. */
import type { ClockState } from "../../ffi/timex.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

/**
 * The kernel lets the largest possible error grow and stops here (`NTP_PHASE_LIMIT`), calling the clock unsynchronised. As
 * timedatectl(1) does, this is asked and not the flag STA_UNSYNC, which is also set to keep the kernel from writing the hardware clock.
 */
const unsynchronizedSeconds = 16;

/** Return values of adjtimex(2) that announce a leap second. */
const leapSeconds: Readonly<Record<number, string>> = { 1: "insert", 2: "delete" };

/** The `time` measurement. Of a clock that nobody keeps, the distance to a time service says nothing. */
export function timeOf(clock: ClockState): MetricData<"time"> {
  const synchronized = clock.maxErrorSeconds < unsynchronizedSeconds;
  const leapSecond = leapSeconds[clock.state];
  return {
    synchronized: synchronized ? 1 : 0,
    ...(synchronized
      ? { offset_seconds: clock.offsetSeconds, estimated_error_seconds: clock.estimatedErrorSeconds }
      : {}),
    max_error_seconds: clock.maxErrorSeconds,
    frequency_ppm: clock.frequencyPpm,
    tai_offset_seconds: clock.taiOffsetSeconds,
    ...(leapSecond === undefined ? {} : { leap_second: leapSecond }),
  };
}
