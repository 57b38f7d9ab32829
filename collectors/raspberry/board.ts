/** What the types of a Raspberry Pi are made of, whichever way they were read. */
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";

/** What is known of the board; a part that is absent could not be read. */
export interface Board {
  throttle?: MetricData<"throttle">;
  clock?: MetricData<"clock">;
  voltage?: MetricData<"voltage">;
  gpu?: MetricData<"gpu">;
}

/** One envelope for each part that says something. */
export function measurementsOf({ throttle, clock, voltage, gpu }: Board): Measurement[] {
  const measurements: Measurement[] = [];
  if (saysSomething(throttle)) measurements.push({ type: "throttle", data: throttle });
  if (saysSomething(clock)) measurements.push({ type: "clock", data: clock });
  if (saysSomething(voltage)) measurements.push({ type: "voltage", data: voltage });
  if (saysSomething(gpu)) measurements.push({ type: "gpu", data: gpu });
  return measurements;
}

function saysSomething<Part extends object>(part: Part | undefined): part is Part {
  return part !== undefined && Object.keys(part).length > 0;
}

/** Names of the firmware's clocks and voltages, and the numbers that its tags have for them. */
export const clockIds = { arm: 3, core: 4, v3d: 5 } as const;
export const voltageIds = { core: 1, sdram_c: 2, sdram_p: 3, sdram_i: 4 } as const;

/** Asks for each clock, in Hz, and each voltage, in V; `undefined` and 0 are left out. */
export async function readClocks(
  hertz: (name: keyof typeof clockIds) => number | undefined | Promise<number | undefined>,
): Promise<MetricData<"clock">> {
  const arm = await hertz("arm");
  const core = await hertz("core");
  const v3d = await hertz("v3d");
  return {
    ...(arm ? { arm_freq_hz: arm } : {}),
    ...(core ? { core_freq_hz: core } : {}),
    ...(v3d ? { gpu_freq_hz: v3d } : {}),
  };
}

/** As {@linkcode readClocks}. */
export async function readVoltages(
  volts: (name: keyof typeof voltageIds) => number | undefined | Promise<number | undefined>,
): Promise<MetricData<"voltage">> {
  const core = await volts("core");
  const sdramC = await volts("sdram_c");
  const sdramI = await volts("sdram_i");
  const sdramP = await volts("sdram_p");
  return {
    ...(core ? { core_volts: core } : {}),
    ...(sdramC ? { sdram_c_volts: sdramC } : {}),
    ...(sdramI ? { sdram_i_volts: sdramI } : {}),
    ...(sdramP ? { sdram_p_volts: sdramP } : {}),
  };
}
