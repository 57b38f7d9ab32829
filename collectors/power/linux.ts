/** Reads the power supplies and energy counters of a Linux host. */
import { namesIn } from "../../lib/host_fs.ts";
import type { Measurement } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { energyReader, type ReadCounter, readCounter } from "./energy_counters.ts";
import { readSupply } from "./supplies.ts";

/** Beyond this many the rest is left out. */
const mostSupplies = 64;

/** `battery_list` where the host has supplies, `energy_list` where its processor counts energy. */
export function linuxPower(host: Host, read: ReadCounter = readCounter): Collector {
  const readEnergy = energyReader(host.fs, host.clock, read);
  return {
    collect() {
      const measurements: Measurement[] = [];
      const names = namesIn(host.fs.sys("class/power_supply")).slice(0, mostSupplies);
      const supplies = names.flatMap((name) => {
        const supply = readSupply(host.fs.sys(`class/power_supply/${name}`), name);
        return supply === undefined ? [] : [supply];
      });
      if (supplies.length > 0) measurements.push({ type: "battery_list", data: { supplies } });
      const energy = readEnergy();
      if (energy !== undefined) measurements.push({ type: "energy_list", data: energy });
      return measurements;
    },
  };
}
