/** Where power comes from and goes to: batteries, mains, UPS, the processor's energy counters. */
import { namesIn } from "../../lib/host_fs.ts";
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { energyDenied, energyZones, type ReadCounter, readCounter } from "./energy_counters.ts";
import { linuxPower } from "./linux.ts";
import { isOfDevice } from "./supplies.ts";

/** The `power` collector. */
export const powerDefinition: CollectorDefinition = {
  name: "power",
  summary: "Batteries, mains and UPS: charge, state, power, health, time left; energy used by the processor",
  types: ["battery_list", "energy_list"],
  intervalSeconds: 30,
  deadlineMs: 5000,
  detect: (host) => detectPower(host),
  create: (host) => linuxPower(host),
};

/** Available with a supply or a counter that can be read; denied where counters that may not be read are all there is. */
export function detectPower(host: Host, read: ReadCounter = readCounter): Availability {
  const onLinux = linuxOnly(host);
  if (onLinux.status !== "available") return onLinux;
  const folder = host.fs.sys("class/power_supply");
  if (namesIn(folder).some((name) => !isOfDevice(`${folder}/${name}`))) return onLinux;
  const [zone] = energyZones(host.fs);
  if (zone === undefined) {
    return { status: "unsupported", reason: "this host has no battery, power supply or energy counter" };
  }
  return read(`${zone}/energy_uj`) === "denied" ? { status: "denied", reason: energyDenied } : onLinux;
}
