/** What `detect` answers for a collector that can read Linux alone. */
import type { Availability, Host } from "./collector.ts";

/** Available on Linux, unsupported elsewhere. */
export function linuxOnly(host: Host): Availability {
  if (host.os === "linux") return { status: "available" };
  return { status: "unsupported", reason: `Linux only for now; this host runs ${host.os}` };
}
