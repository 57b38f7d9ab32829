/** What only a Raspberry Pi has: throttling, the firmware's clocks and voltages, memory split off for the GPU. */
import { type HostFs, readText } from "../../lib/host_fs.ts";
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { firmwareDenied, firmwareFile, linuxRaspberry } from "./linux.ts";
import { readSysfs } from "./sysfs.ts";

/** The `raspberry` collector. */
export const raspberryDefinition: CollectorDefinition = {
  name: "raspberry",
  summary: "Raspberry Pi: under-voltage and throttling, clocks, voltages, GPU memory",
  types: ["throttle", "clock", "voltage", "gpu"],
  intervalSeconds: 30,
  deadlineMs: 10_000,
  detect: (host) => detectRaspberry(host),
  create: (host) => linuxRaspberry(host),
};

/** Denied where neither the firmware nor sysfs says whether the board is throttled. */
export function detectRaspberry(host: Host, fileOf = firmwareFile): Availability {
  const onLinux = linuxOnly(host);
  if (onLinux.status !== "available") return onLinux;
  if (!isRaspberryPi(host.fs)) return { status: "unsupported", reason: "this host is no Raspberry Pi" };
  if (fileOf(host.fs) === "denied" && readSysfs(host.fs).throttle === undefined) {
    return { status: "denied", reason: firmwareDenied };
  }
  return onLinux;
}

function isRaspberryPi(fs: HostFs): boolean {
  const model = readText(fs.proc("device-tree/model")) ?? readText(fs.sys("firmware/devicetree/base/model"));
  return model?.startsWith("Raspberry Pi") ?? false;
}
