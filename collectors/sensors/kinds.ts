/**
 * The kinds of sensors that hwmon drivers have (kernel: `Documentation/hwmon/sysfs-interface.rst`): file names, units, and what is no
 * reading whatever the driver says.
 */
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";

/** What one sensor said. */
export interface Reading {
  readonly kind: SensorKind;
  /** What does not depend on the kind. */
  readonly common: {
    readonly sensor: string;
    readonly device?: string;
    readonly alarm?: boolean;
    readonly fault?: boolean;
    readonly asleep?: boolean;
  };
  readonly value?: number;
  /** Limits in the kind's unit, by the ending of their files: `max`, `crit` … */
  readonly limits: Readonly<Record<string, number>>;
}

/** One kind of sensor. */
export interface SensorKind {
  /** Files are named `<prefix><number>_<ending>`. */
  readonly prefix: string;
  /** Endings of the file with the value; the first that is there. */
  readonly inputs: readonly string[];
  /** Endings of limits that are reported. */
  readonly limits: readonly string[];
  /** Units of the file in one unit reported. */
  readonly divisor: number;
  /** Values outside are no readings. */
  readonly lowest: number;
  readonly highest: number;
  measurement(readings: readonly Reading[]): Measurement;
}

function temperatureOf({ common, value, limits }: Reading): MetricData<"temperature"> {
  const element: MetricData<"temperature"> = { ...common };
  if (value !== undefined) element.temperature = value;
  if (limits["max"] !== undefined) element.max_temp = limits["max"];
  if (limits["crit"] !== undefined) element.crit_temp = limits["crit"];
  return element;
}

function fanOf({ common, value, limits }: Reading): MetricData<"fan_list">["sensors"][number] {
  return {
    ...common,
    ...(value === undefined ? {} : { rpm: value }),
    ...(limits["min"] === undefined ? {} : { min_rpm: limits["min"] }),
  };
}

function voltageOf({ common, value, limits }: Reading): MetricData<"voltage_list">["sensors"][number] {
  return {
    ...common,
    ...(value === undefined ? {} : { volts: value }),
    ...(limits["min"] === undefined ? {} : { min_volts: limits["min"] }),
    ...(limits["max"] === undefined ? {} : { max_volts: limits["max"] }),
  };
}

function currentOf({ common, value, limits }: Reading): MetricData<"current_list">["sensors"][number] {
  return {
    ...common,
    ...(value === undefined ? {} : { amperes: value }),
    ...(limits["max"] === undefined ? {} : { max_amperes: limits["max"] }),
  };
}

function powerOf({ common, value, limits }: Reading): MetricData<"power_list">["sensors"][number] {
  return {
    ...common,
    ...(value === undefined ? {} : { watts: value }),
    ...(limits["cap"] === undefined ? {} : { cap_watts: limits["cap"] }),
  };
}

function humidityOf({ common, value }: Reading): MetricData<"humidity_list">["sensors"][number] {
  return { ...common, ...(value === undefined ? {} : { humidity: value }) };
}

/** Temperatures; thermal zones are of this kind, too. */
export const temperatureKind: SensorKind = {
  prefix: "temp",
  inputs: ["input"],
  limits: ["max", "crit"],
  divisor: 1e3,
  // A diode that is not connected reads -128 (0x80), 127 or 127.875 (0x7f…), 255 (0xff); a sensor that an NVMe drive lacks -273.15
  // (0 K), or 65261.85 (0xffff K). Silicon is dead by 125.
  lowest: -60,
  highest: 126.9,
  measurement: (readings) => ({
    type: "temperature_list",
    data: { sensors: readings.map(temperatureOf) },
  }),
};

/** Every kind that is reported. */
export const sensorKinds: readonly SensorKind[] = [
  temperatureKind,
  {
    prefix: "fan",
    inputs: ["input"],
    limits: ["min"],
    divisor: 1,
    lowest: 0,
    // The fastest server fans turn 40,000 times. An empty counter reads 65,535, or 1,350,000 (one tick at 22.5 kHz).
    highest: 50_000,
    measurement: (readings) => ({ type: "fan_list", data: { sensors: readings.map(fanOf) } }),
  },
  {
    prefix: "in",
    inputs: ["input"],
    limits: ["min", "max"],
    divisor: 1e3,
    // The mains side of a power supply is the highest that is measured (240 V, 400 V direct current); all ones read 65,535.
    lowest: -1000,
    highest: 1000,
    measurement: (readings) => ({ type: "voltage_list", data: { sensors: readings.map(voltageOf) } }),
  },
  {
    prefix: "curr",
    inputs: ["input"],
    limits: ["max"],
    divisor: 1e3,
    // A processor's regulator gives up to some hundred amperes; all ones read 65,535 or 2,147,483.
    lowest: -2000,
    highest: 2000,
    measurement: (readings) => ({ type: "current_list", data: { sensors: readings.map(currentOf) } }),
  },
  {
    prefix: "power",
    inputs: ["input", "average"],
    limits: ["cap"],
    divisor: 1e6,
    // A whole chassis draws some kilowatts.
    lowest: -50_000,
    highest: 50_000,
    measurement: (readings) => ({ type: "power_list", data: { sensors: readings.map(powerOf) } }),
  },
  {
    prefix: "humidity",
    inputs: ["input"],
    limits: [],
    divisor: 1e3,
    lowest: 0,
    highest: 100,
    measurement: (readings) => ({ type: "humidity_list", data: { sensors: readings.map(humidityOf) } }),
  },
];

/** A file's number in the kind's unit; `undefined` for what is no reading. */
export function valueOf(kind: SensorKind, raw: number): number | undefined {
  const value = raw / kind.divisor;
  return value >= kind.lowest && value <= kind.highest ? value : undefined;
}
