/**
 * Sensors of the hardware, as lists: `temperature_list`, `fan_list`, `voltage_list`, `current_list`, `power_list`, `humidity_list`;
 * and `temperature`, which v1 agents send for each sensor.
 */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { gauge, type Unit } from "../measure.ts";

/** What every sensor says besides its value. */
const common = {
  /** Chip and label, e.g. `coretemp Package id 0`. */
  sensor: text(),
  /** The hardware that it belongs to: a serial number where there is one, else its place on the bus. */
  device: z.optional(text()),
  /** The hardware reports a limit that is exceeded. */
  alarm: z.optional(z.boolean()),
  /** The hardware reports a broken sensor (a diode that is not connected, a fan without a tachometer); then there is no value. */
  fault: z.optional(z.boolean()),
  /** The hardware is suspended and was not woken to ask; then there is no value. */
  asleep: z.optional(z.boolean()),
};

const value = (unit: Unit, help: string, prometheus: string, otel?: string) =>
  z.optional(gauge({ unit, help, prometheus, ...(otel === undefined ? {} : { otel }) }));

/** One temperature sensor. */
export const temperature = z.object({
  ...common,
  temperature: value("Cel", "Temperature.", "node_hwmon_temp_celsius", "hw.temperature"),
  max_temp: value(
    "Cel",
    "Highest temperature that the maker allows.",
    "node_hwmon_temp_max_celsius",
    "hw.temperature.limit",
  ),
  crit_temp: value(
    "Cel",
    "Temperature at which the hardware protects itself.",
    "node_hwmon_temp_crit_celsius",
    "hw.temperature.limit{hw.limit_type=critical}",
  ),
});

/** One fan. */
export const fan = z.object({
  ...common,
  rpm: value("{rpm}", "Turns per minute.", "node_hwmon_fan_rpm", "hw.fan.speed"),
  min_rpm: value("{rpm}", "Speed below which the fan gives an alarm.", "node_hwmon_fan_min_rpm"),
});

/** One measured voltage. */
export const voltageSensor = z.object({
  ...common,
  volts: value("V", "Voltage.", "node_hwmon_in_volts", "hw.voltage"),
  min_volts: value("V", "Lowest voltage without an alarm.", "node_hwmon_in_min_volts"),
  max_volts: value("V", "Highest voltage without an alarm.", "node_hwmon_in_max_volts"),
});

/** One measured current. */
export const currentSensor = z.object({
  ...common,
  amperes: value("A", "Current.", "node_hwmon_curr_amps"),
  max_amperes: value("A", "Highest current without an alarm.", "node_hwmon_curr_max_amps"),
});

/** One measured power. */
export const powerSensor = z.object({
  ...common,
  watts: value("W", "Power drawn.", "node_hwmon_power_watt", "hw.power"),
  cap_watts: value("W", "Power that the hardware limits itself to.", "node_hwmon_power_cap_watt"),
});

/** One humidity sensor. */
export const humiditySensor = z.object({
  ...common,
  humidity: value("%", "Relative humidity.", "node_hwmon_humidity"),
});

const sensorsOf = <Sensor extends z.core.$ZodType>(sensor: Sensor) =>
  z.object({ sensors: z.array(sensor).check(z.maxLength(limits.listLength)) });

/** Data of a `temperature_list` envelope. */
export const temperatureList = sensorsOf(temperature);
/** Data of a `fan_list` envelope. */
export const fanList = sensorsOf(fan);
/** Data of a `voltage_list` envelope. */
export const voltageList = sensorsOf(voltageSensor);
/** Data of a `current_list` envelope. */
export const currentList = sensorsOf(currentSensor);
/** Data of a `power_list` envelope. */
export const powerList = sensorsOf(powerSensor);
/** Data of a `humidity_list` envelope. */
export const humidityList = sensorsOf(humiditySensor);
