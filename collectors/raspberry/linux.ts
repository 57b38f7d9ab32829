/** Reads a Raspberry Pi. */
import { type Firmware, openFirmware } from "../../ffi/vcio.ts";
import type { HostFs } from "../../lib/host_fs.ts";
import type { Collector, Host } from "../collector.ts";
import { runVendorCommand } from "../vendor_command.ts";
import { type Board, measurementsOf } from "./board.ts";
import { readFirmware } from "./firmware.ts";
import { readSysfs } from "./sysfs.ts";
import { readVcgencmd, type RunVcgencmd } from "./vcgencmd.ts";

/** What to grant where the firmware may not be asked. */
export const firmwareDenied = "may not open /dev/vcio: add the agent's user to the group video";

/** No subprocess more often than this. */
const commandEveryMs = 60_000;
/** Each of its questions takes a millisecond. */
const commandLimits = { deadlineMs: 1000, maxOutputBytes: 4096 } as const;

/** Ways to the firmware; others in tests. */
export interface FirmwareAccess {
  open(path: string): Firmware;
  run: RunVcgencmd;
}

/** Whether the firmware's device file is there, and may be opened. */
export function firmwareFile(fs: HostFs): "readable" | "denied" | "absent" {
  try {
    Deno.openSync(fs.root("/dev/vcio")).close();
    return "readable";
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ? "denied" : "absent";
  }
}

/** `throttle`, `clock`, `voltage`, `gpu`: from the firmware; what that does not tell, from sysfs; without `/dev/vcio`, from `vcgencmd`. */
export function linuxRaspberry(host: Host, access: Partial<FirmwareAccess> = {}): Collector {
  const { clock, fs } = host;
  const open = access.open ?? openFirmware;
  const run = access.run ?? ((...args) => runVendorCommand(["vcgencmd", ...args], clock, commandLimits));
  const unknown = new Set<string>();
  let commandAtMs = -Infinity;

  async function askFirmware(): Promise<Board> {
    const firmware = open(fs.root("/dev/vcio"));
    try {
      return await readFirmware(firmware, unknown);
    } finally {
      firmware.close();
    }
  }

  async function askCommand(): Promise<Board> {
    // It would be this machine's, and in a container the container's.
    if (fs.redirected || clock.monotonicMs() < commandAtMs) return {};
    commandAtMs = clock.monotonicMs() + commandEveryMs;
    return await readVcgencmd(run);
  }

  return {
    async collect() {
      const file = firmwareFile(fs);
      const told = file === "readable" ? await askFirmware() : file === "absent" ? await askCommand() : {};
      const board = { ...readSysfs(fs), ...withoutEmpty(told) };
      if (file === "denied") board.throttle = { ...board.throttle, denied: firmwareDenied };
      return measurementsOf(board);
    },
  };
}

/** Without the parts that say nothing, so that they don't replace others. */
function withoutEmpty({ throttle, clock, voltage, gpu }: Board): Board {
  return {
    ...(throttle === undefined ? {} : { throttle }),
    ...(clock === undefined || Object.keys(clock).length === 0 ? {} : { clock }),
    ...(voltage === undefined ? {} : { voltage }),
    ...(gpu === undefined ? {} : { gpu }),
  };
}
