/** Asks the drives of a Linux host through smartctl. */
import type { HostFs } from "../../lib/host_fs.ts";
import type { Collector, Host } from "../collector.ts";
import { outputOf, type RunVendor, vendorRunner } from "../vendor_runner.ts";
import { disksOf, type DriveName, drivesToAsk, parseScan, rotatingDiskOperations } from "./devices.ts";
import { sleepingStatus } from "./exit_status.ts";
import { type Drive, parseSmartctl } from "./parse.ts";

/** A drive that retries a bad sector takes this long to answer. */
const driveDeadlineMs = 20_000;

/** Drives beyond it are not asked: shelves of disks have their own monitoring. */
const maxDrives = 256;

/** `smart_list` from `smartctl`, one drive after the other. */
export function linuxSmart(host: Host, run: RunVendor = vendorRunner(host.clock)): Collector {
  /** Rotating disks when they were last asked. */
  const asked = new Map<string, { readonly operations: number; readonly drive: Drive }>();

  async function ask(name: DriveName): Promise<Drive> {
    const before = asked.get(name.name);
    const operations = rotatingDiskOperations(host.fs, name.path);
    if (operations !== undefined && operations === before?.operations) return asIdle(before.drive);
    const drive = await read(name, run);
    if (operations !== undefined) asked.set(name.name, { operations, drive });
    return drive;
  }

  return {
    async collect() {
      const devices: Drive[] = [];
      for (const drive of (await findDrives(host.fs, run)).slice(0, maxDrives)) {
        devices.push(await ask(drive));
      }
      return [{ type: "smart_list", data: { devices } }];
    },
  };
}

async function read(name: DriveName, run: RunVendor): Promise<Drive> {
  const outcome = await run(smartctlArguments(name), { deadlineMs: driveDeadlineMs });
  const output = outputOf("smartctl", outcome, () => true);
  if (output.text === undefined) return { device: name.name, status: "unreadable", reason: output.reason };
  return parseSmartctl(name.name, output.code, output.text);
}

/** A disk that did nothing since it was asked: what it is remains known, its figures are not repeated. */
function asIdle(drive: Drive): Drive {
  if (drive.status === "unsupported") return drive;
  const { device, protocol, model, serial, firmware, capacity_bytes, rotation_rpm } = drive;
  return {
    device,
    status: "sleeping",
    reason:
      "nothing was read or written since the last reading: the disk is left alone, so that it can fall asleep",
    ...(protocol === undefined ? {} : { protocol }),
    ...(model === undefined ? {} : { model }),
    ...(serial === undefined ? {} : { serial }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(capacity_bytes === undefined ? {} : { capacity_bytes }),
    ...(rotation_rpm === undefined ? {} : { rotation_rpm }),
  };
}

async function findDrives(fs: HostFs, run: RunVendor): Promise<DriveName[]> {
  const outcome = await run(["smartctl", "--json=c", "--scan"], { deadlineMs: driveDeadlineMs });
  const output = outputOf("smartctl", outcome);
  if (output.text === undefined) throw new Error(`Cannot list drives: ${output.reason}`);
  try {
    return drivesToAsk(parseScan(output.text), disksOf(fs));
  } catch (cause) {
    throw new Error("Cannot list drives: smartctl printed no JSON (7.0 or later is needed)", { cause });
  }
}

function smartctlArguments({ path, type }: DriveName): [string, ...string[]] {
  return [
    "smartctl",
    "--json=c",
    `--nocheck=standby,${sleepingStatus}`,
    "--info",
    "--health",
    "--capabilities",
    "--attributes",
    "--log=error",
    "--log=selftest",
    ...(type === undefined ? [] : [`--device=${type}`]),
    `/dev/${path}`,
  ];
}
