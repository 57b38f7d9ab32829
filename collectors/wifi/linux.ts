/** Reads the wireless interfaces of a Linux host. */
import { openGenericNetlink } from "../../ffi/generic_netlink.ts";
import { readText } from "../../lib/host_fs.ts";
import type { Collector, Host } from "../collector.ts";
import { type Nl80211, readInterfaces } from "./nl80211.ts";
import { parseProcWireless } from "./proc_wireless.ts";

/** Opens nl80211; `undefined` where the kernel has no driver that speaks it. */
export type OpenNl80211 = () => (Nl80211 & { close(): void }) | undefined;

/**
 * `wifi_list` from nl80211, else from `/proc/net/wireless`: for drivers that know only the wireless extensions, where netlink is not to be
 * had (a seccomp filter), and for a host whose trees are mounted: this process's network namespace is then not the host's.
 */
export function linuxWifi(
  host: Host,
  open: OpenNl80211 = () => openGenericNetlink("nl80211"),
): Collector {
  const ssids = new Map<string, string>();

  function overNetlink() {
    const nl80211 = open();
    try {
      return nl80211 === undefined ? [] : readInterfaces(nl80211, ssids);
    } finally {
      nl80211?.close();
    }
  }

  return {
    collect() {
      let failure: unknown;
      if (!host.fs.redirected) {
        try {
          const interfaces = overNetlink();
          if (interfaces.length > 0) return [{ type: "wifi_list", data: { interfaces } }];
        } catch (error) {
          failure = error;
        }
      }
      const interfaces = parseProcWireless(readText(host.fs.procInit("net/wireless")) ?? "");
      if (interfaces.length === 0 && failure !== undefined) throw failure;
      return [{ type: "wifi_list", data: { interfaces } }];
    },
  };
}
