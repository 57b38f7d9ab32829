/** Health of drives, in their own words. */
import { readText } from "../../lib/host_fs.ts";
import type { Availability, CollectorDefinition, Host } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { hasVendorProgram } from "../vendor_command.ts";
import { linuxSmart } from "./linux.ts";
import { driveGrant } from "./parse.ts";

/** The `smart` collector. Its deadline lets a dozen drives retry; one that hangs is reported by itself. */
export const smartDefinition: CollectorDefinition = {
  name: "smart",
  summary: "Health, temperature, wear and errors of each drive (SMART, NVMe), sleeping disks left asleep",
  types: ["smart_list"],
  intervalSeconds: 3600,
  deadlineMs: 300_000,
  detect,
  create: (host) => linuxSmart(host),
};

function detect(host: Host): Availability {
  const linux = linuxOnly(host);
  if (linux.status !== "available") return linux;
  if (host.fs.redirected) {
    const reason =
      "smartctl asks the drives of this machine, not those of another root: run the agent on the host itself";
    return { status: "unsupported", reason };
  }
  if (!hasVendorProgram("smartctl")) {
    return { status: "unsupported", reason: "smartctl is not there: install smartmontools" };
  }
  const status = readText(host.fs.proc("self/status")) ?? "";
  if (!passesOnDriveCapability(status, Deno.uid())) {
    return { status: "denied", reason: `asking drives needs a capability: ${driveGrant}` };
  }
  return { status: "available" };
}

/** CAP_SYS_RAWIO (17: ATA, SCSI) or CAP_SYS_ADMIN (21: NVMe). */
const driveCapabilities = (1n << 17n) | (1n << 21n);

/**
 * Whether smartctl, started by this process, may send commands to drives. Root passes its capabilities on to what it starts; any other
 * user only the ambient ones (capabilities(7)). `status` is `/proc/self/status`.
 */
export function passesOnDriveCapability(status: string, uid: number | null): boolean {
  const set = uid === 0 ? "CapEff" : "CapAmb";
  const mask = new RegExp(`^${set}:\\s*([0-9a-f]+)$`, "m").exec(status)?.[1];
  return mask !== undefined && (BigInt(`0x${mask}`) & driveCapabilities) !== 0n;
}
