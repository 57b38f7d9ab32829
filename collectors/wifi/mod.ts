/** Wireless interfaces: network, signal, bit rates, retries. */
import { namesIn, readText } from "../../lib/host_fs.ts";
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxWifi } from "./linux.ts";
import { parseProcWireless } from "./proc_wireless.ts";

/** The `wifi` collector. */
export const wifiDefinition: CollectorDefinition = {
  name: "wifi",
  summary: "Network, signal, bit rates, frequency and retries of each wireless interface",
  types: ["wifi_list"],
  intervalSeconds: 30,
  deadlineMs: 5000,
  detect,
  create: (host) => linuxWifi(host),
};

function detect(host: Host): Availability {
  const onLinux = linuxOnly(host);
  if (onLinux.status !== "available") return onLinux;
  const isThere = namesIn(host.fs.sys("class/ieee80211")).length > 0 ||
    parseProcWireless(readText(host.fs.procInit("net/wireless")) ?? "").length > 0;
  return isThere ? onLinux : { status: "unsupported", reason: "this host has no wireless interface" };
}
