/** Where the host's power comes from and goes to: `battery_list` (batteries, mains, UPS) and `energy_list` (what the processor uses). */
import * as z from "zod/mini";
import { limits, text } from "../limits.ts";
import { counter, gauge, type Unit } from "../measure.ts";

const value = (unit: Unit, help: string, prometheus: string, otel?: string) =>
  z.optional(gauge({ unit, help, prometheus, ...(otel === undefined ? {} : { otel }) }));

/** One power supply of the host: a battery, a UPS, the mains, a USB charger. */
export const battery = z.object({
  /** Name that the kernel gives it: `BAT0`, `AC`. */
  supply: text(),
  /** `battery`, `ups`, `mains`, `usb`, `wireless`. */
  kind: z.optional(text()),
  /** `charging`, `discharging`, `not charging`, `full`, `unknown`. */
  state: z.optional(text()),
  manufacturer: z.optional(text()),
  model: z.optional(text()),
  serial: z.optional(text()),
  technology: z.optional(text()),
  /** True when the mains or the charger delivers. */
  online: z.optional(z.boolean()),
  charge_pct: value(
    "%",
    "Charge, as part of what it holds when full.",
    "node_power_supply_capacity",
    "hw.battery.charge",
  ),
  power_watts: value("W", "Power that flows in or out.", "node_power_supply_power_watt", "hw.power"),
  voltage_volts: value("V", "Voltage now.", "node_power_supply_voltage_volt", "hw.voltage"),
  energy_wh: value("Wh", "Energy that it holds.", "node_power_supply_energy_watthour"),
  energy_full_wh: value("Wh", "Energy that it holds when full.", "node_power_supply_energy_full"),
  energy_design_wh: value(
    "Wh",
    "Energy that it held when full and new.",
    "node_power_supply_energy_full_design",
  ),
  health_pct: value(
    "%",
    "What it holds when full, as part of what it was made for.",
    "spectra_battery_health_percent",
  ),
  cycles: value("{cycle}", "Charge cycles.", "node_power_supply_cyclecount"),
  time_left_seconds: value(
    "s",
    "Time until it is empty, at the power drawn now.",
    "spectra_battery_time_left_seconds",
    "hw.battery.time_left",
  ),
  time_to_full_seconds: value(
    "s",
    "Time until it is full, at the power drawn now.",
    "spectra_battery_time_to_full_seconds",
  ),
  temperature: value("Cel", "Temperature.", "node_power_supply_temp_celsius", "hw.temperature"),
});

/** Data of a `battery_list` envelope. */
export const batteryList = z.object({
  supplies: z.array(battery).check(z.maxLength(limits.listLength)),
});

/** One part of a processor that counts the energy it uses. */
export const energyZone = z.object({
  /** `package-0`, `package-0 dram`, `psys`. */
  zone: text(),
  energy_joules: z.optional(counter({
    unit: "J",
    help: "Energy used.",
    prometheus: "node_rapl_joules_total",
    otel: "hw.energy",
  })),
  power_watts: value("W", "Mean power since the reading before.", "spectra_rapl_power_watts", "hw.power"),
});

/** Data of an `energy_list` envelope. */
export const energyList = z.object({
  zones: z.array(energyZone).check(z.maxLength(limits.listLength)),
  /** Why the counters could not be read, and what to grant. */
  denied: z.optional(text()),
});
