/** Sensors of a host: what is wrong with one, and how far a temperature is from its limit. */
import { type Fields, flagIn, numberIn, textIn } from "./latest.ts";

/** A sensor's state in words. */
export interface SensorState {
  readonly word: string;
  readonly isAlarming: boolean;
}

/** State of any sensor, its value between `lowest` and `highest` where it has such limits. */
export function sensorState(
  sensor: Fields,
  value: number | undefined,
  { lowest, highest }: { readonly lowest?: number | undefined; readonly highest?: number | undefined },
): SensorState {
  if (flagIn(sensor, "fault")) return { word: "broken or not connected", isAlarming: true };
  if (flagIn(sensor, "asleep")) return { word: "asleep", isAlarming: false };
  if (value !== undefined && highest !== undefined && highest > 0 && value >= highest) {
    return { word: "too high", isAlarming: true };
  }
  if (value !== undefined && lowest !== undefined && value < lowest) {
    return { word: "too low", isAlarming: true };
  }
  return flagIn(sensor, "alarm")
    ? { word: "alarm", isAlarming: true }
    : { word: "in order", isAlarming: false };
}

/** A temperature's limit: the critical one, or the highest that is allowed. */
export function temperatureLimit(sensor: Fields): number | undefined {
  return [numberIn(sensor, "crit_temp"), numberIn(sensor, "max_temp")]
    .find((limit) => limit !== undefined && limit > 0);
}

/** Temperature in percent of its limit; `undefined` where one of them is not known. */
export function temperatureShare(sensor: Fields): number | undefined {
  const [value, limit] = [numberIn(sensor, "temperature"), temperatureLimit(sensor)];
  return value === undefined || limit === undefined ? undefined : value / limit * 100;
}

const throttles: readonly (readonly [now: string, before: string, word: string])[] = [
  ["undervoltage", "undervoltage_occurred", "too little voltage"],
  ["throttled", "throttled_occurred", "slowed down"],
  ["arm_freq_capped", "freq_cap_occurred", "clock limited"],
  ["soft_temp_limit", "soft_temp_occurred", "above the soft temperature limit"],
];

/** What a Raspberry Pi's firmware complains about, now and since it started; `undefined` when it was not asked. */
export function throttleState(throttle: Fields): SensorState | undefined {
  const asked = throttles.some(([now]) => typeof throttle[now] === "boolean");
  if (!asked) {
    return textIn(throttle, "denied") === undefined ? undefined : {
      word: textIn(throttle, "denied") ?? "",
      isAlarming: false,
    };
  }
  const words = throttles.flatMap(([now, before, word]) =>
    flagIn(throttle, now) ? [`${word} now`] : flagIn(throttle, before) ? [`${word} since boot`] : []
  );
  return words.length === 0
    ? { word: "in order", isAlarming: false }
    : { word: words.join(", "), isAlarming: throttles.some(([now]) => flagIn(throttle, now)) };
}
