/** From smartctl's output for one device to one element of `smart_list`. */
import { clip } from "../../lib/text.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { maxSmartAttributes } from "../../protocol/metrics/smart.ts";
import { ataFigures } from "./ata.ts";
import { decodeExitStatus, type ExitStatus, sleepingStatus } from "./exit_status.ts";
import { nvmeFigures } from "./nvme.ts";
import { scsiFigures } from "./scsi.ts";
import { type SmartctlOutput, smartctlOutput } from "./smartctl_json.ts";

/** One element of `smart_list`. */
export type Drive = MetricData<"smart_list">["devices"][number];

/** What a protocol adds to a drive. */
export interface ProtocolFigures {
  readonly figures: Partial<Drive>;
  readonly warnings: readonly string[];
}

/** What to do where the agent may not ask drives. */
export const driveGrant =
  "run the agent as root, or with AmbientCapabilities=CAP_SYS_RAWIO CAP_SYS_ADMIN and SupplementaryGroups=disk in its unit";

/** Reads what smartctl printed about `device` before it exited with `code`. */
export function parseSmartctl(device: string, code: number, stdout: string): Drive {
  if (code === sleepingStatus) {
    return { device, status: "sleeping", reason: "the drive sleeps and is left alone" };
  }
  let output: SmartctlOutput;
  try {
    output = smartctlOutput.parse(JSON.parse(stdout));
  } catch {
    // What is not JSON says nothing of the drive: an old smartctl, or output that was cut off.
    return {
      device,
      status: "unreadable",
      reason: `smartctl (7.0 or later is needed) printed no JSON, code ${code}`,
    };
  }
  const exit = decodeExitStatus(code);
  if (exit.commandLine || exit.open) return notRead(device, output);
  return driveOf(device, output, exit);
}

function notRead(device: string, output: SmartctlOutput): Drive {
  const messages = (output.smartctl?.messages ?? []).map((message) => message.string).join("; ");
  if (/permission denied|operation not permitted/i.test(messages)) {
    return { device, status: "denied", reason: clip(`${messages}: ${driveGrant}`, 4096) };
  }
  if (/unable to detect device type|unknown usb bridge|requires option/i.test(messages)) {
    const reason =
      "smartctl finds no drive that it can ask behind this device: virtual disks, memory cards and some USB bridges " +
      "have no SMART";
    return { device, status: "unsupported", reason };
  }
  return {
    device,
    status: "unreadable",
    reason: clip(messages === "" ? "smartctl could not open the device" : messages, 4096),
  };
}

function driveOf(device: string, output: SmartctlOutput, exit: ExitStatus): Drive {
  const { figures, warnings: own } = protocolFigures(output);
  const identity = identityOf(output);
  const passed = output.smart_status?.passed;
  const supported = output.smart_support?.available !== false;
  const warnings = [...exitWarnings(exit, passed), ...own].slice(0, maxSmartAttributes).map((text) =>
    clip(text)
  );
  const health = {
    ...(passed === undefined ? {} : { passed }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  if (!supported) {
    return {
      device,
      status: "unsupported",
      reason: "the drive has no SMART",
      ...identity,
      ...figures,
      ...health,
    };
  }
  if (output.smart_support?.enabled === false) {
    const reason = `SMART is switched off; smartctl -s on /dev/${device} switches it on`;
    return { device, status: "unsupported", reason, ...identity, ...figures, ...health };
  }
  const failing = passed === false || exit.failing || exit.prefailure;
  return {
    device,
    status: failing ? "failing" : "ok",
    ...identity,
    ...commonFigures(output),
    ...figures,
    ...health,
  };
}

function protocolFigures(output: SmartctlOutput): ProtocolFigures {
  if (output.nvme_smart_health_information_log !== undefined) return nvmeFigures(output);
  if (output.device?.protocol === "SCSI") return scsiFigures(output);
  return ataFigures(output);
}

function identityOf(output: SmartctlOutput): Partial<Drive> {
  const { device, serial_number: serial, rotation_rate: rotation } = output;
  const model = output.model_name ?? output.scsi_model_name;
  const firmware = output.firmware_version ?? output.scsi_revision;
  const capacity = output.user_capacity?.bytes ?? output.nvme_total_capacity;
  return {
    ...(device?.protocol === undefined ? {} : { protocol: clip(device.protocol) }),
    ...(model === undefined ? {} : { model: clip(model) }),
    ...(serial === undefined ? {} : { serial: clip(serial) }),
    ...(firmware === undefined ? {} : { firmware: clip(firmware) }),
    ...(capacity === undefined ? {} : { capacity_bytes: capacity }),
    ...(rotation === undefined ? {} : { rotation_rpm: rotation }),
  };
}

function commonFigures(output: SmartctlOutput): Partial<Drive> {
  const temperature = output.temperature?.current;
  const hours = output.power_on_time?.hours;
  const wear = output.endurance_used?.current_percent;
  return {
    // Drives without a sensor say 0.
    ...(temperature === undefined || temperature === 0 ? {} : { temperature }),
    ...(hours === undefined || hours < 0 ? {} : { power_on_seconds: hours * 3600 }),
    ...(output.power_cycle_count === undefined
      ? {}
      : { power_cycles: Math.max(0, output.power_cycle_count) }),
    ...(wear === undefined ? {} : { wear_percent: wear }),
  };
}

function exitWarnings(exit: ExitStatus, passed: boolean | undefined): string[] {
  const warnings: string[] = [];
  if (passed === false || exit.failing) {
    warnings.push("The drive says that it is failing: save its data and replace it.");
  }
  if (exit.prefailure) warnings.push("A prefailure attribute is at its threshold.");
  if (exit.failedInPast) warnings.push("An attribute was at its threshold in the past.");
  if (exit.errorLog) warnings.push("The drive's error log has entries.");
  if (exit.selfTest) warnings.push("A self-test of the drive failed.");
  return warnings;
}
