/**
 * The steps of asking one chip, the same whether its files are read directly or in the background: a generator names the file that it
 * wants next and is given what was found in it.
 */
import type { AttributeReading, SysfsAttribute } from "../sysfs_attribute.ts";
import type { Chip, Sensor } from "./chips.ts";
import { type Reading, valueOf } from "./kinds.ts";

type Steps<Result> = Generator<SysfsAttribute, Result, AttributeReading>;

/** What a chip said. */
export interface ChipReading {
  readonly readings: readonly Reading[];
  /** True when a file is no longer there: the list of sensors is to be made again. */
  readonly isStale: boolean;
}

/** Asks the chip directly. */
export function readChip(chip: Chip): ChipReading {
  const steps = chipSteps(chip);
  let step = steps.next();
  while (step.done !== true) step = steps.next(step.value.read());
  return step.value;
}

/** Asks the chip on a thread of the runtime's. */
export async function readChipInBackground(chip: Chip): Promise<ChipReading> {
  const steps = chipSteps(chip);
  let step = steps.next();
  while (step.done !== true) step = steps.next(await step.value.readInBackground());
  return step.value;
}

function* chipSteps({ asleep, sensors }: Chip): Steps<ChipReading> {
  const readings: Reading[] = [];
  let isStale = false;
  if (asleep !== undefined) {
    const answer = yield asleep;
    if (answer.status === "value" && answer.value === 1) {
      return { readings: sensors.map((sensor) => readingOf(sensor, { asleep: true })), isStale };
    }
  }
  for (const sensor of sensors) {
    if (sensor.fault !== undefined && (yield* isSet([sensor.fault]))) {
      readings.push(readingOf(sensor, { fault: true }));
      continue;
    }
    const input = yield sensor.input;
    if (input.status === "gone") isStale = true;
    if (input.status !== "value") continue;
    const value = valueOf(sensor.kind, input.value);
    if (value === undefined) continue;
    const hasAlarms = sensor.alarms.length > 0;
    readings.push(readingOf(sensor, hasAlarms ? { alarm: yield* isSet(sensor.alarms) } : {}, value));
  }
  return { readings, isStale };
}

/** True when one of the flags is 1. */
function* isSet(flags: readonly SysfsAttribute[]): Steps<boolean> {
  for (const flag of flags) {
    const answer = yield flag;
    if (answer.status === "value" && answer.value !== 0) return true;
  }
  return false;
}

function readingOf(
  { kind, sensor, device, limits }: Sensor,
  flags: Pick<Reading["common"], "alarm" | "fault" | "asleep">,
  value?: number,
): Reading {
  return {
    kind,
    common: { sensor, ...(device === undefined ? {} : { device }), ...flags },
    limits,
    ...(value === undefined ? {} : { value }),
  };
}
