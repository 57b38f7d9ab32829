/** Sensors of the hardware: temperatures, fans, voltages, currents, power, humidity. */
import { namesIn } from "../../lib/host_fs.ts";
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxSensors } from "./linux.ts";

/** The `sensors` collector. Its deadline is beyond the 2 s that slow drivers have to answer. */
export const sensorsDefinition: CollectorDefinition = {
  name: "sensors",
  summary: "Temperatures, fans, voltages, currents, power and humidity that the hardware measures",
  types: ["temperature_list", "fan_list", "voltage_list", "current_list", "power_list", "humidity_list"],
  intervalSeconds: 10,
  deadlineMs: 5000,
  detect,
  create: (host) => linuxSensors(host),
};

function detect(host: Host): Availability {
  const onLinux = linuxOnly(host);
  if (onLinux.status !== "available") return onLinux;
  const isThere = namesIn(host.fs.sys("class/hwmon")).length > 0 ||
    namesIn(host.fs.sys("class/thermal")).some((name) => name.startsWith("thermal_zone"));
  if (isThere) return onLinux;
  return {
    status: "unsupported",
    reason: "this host has no hwmon sensors and no thermal zones (a virtual machine has none)",
  };
}
