/** Whether netlink tells of the host that is measured. */
import type { Host } from "./collector.ts";

/** True when this process is in the network namespace of the host's first process: netlink tells of its own only. */
export function isOwnNetwork({ fs }: Host): boolean {
  if (fs.redirected) return false;
  try {
    return Deno.readLinkSync(fs.proc("self/ns/net")) === Deno.readLinkSync(fs.proc("1/ns/net"));
  } catch {
    return true; // Only root may look at another's. An agent with a network of its own is run by a container's root.
  }
}
