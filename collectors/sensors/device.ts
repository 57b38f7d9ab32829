/**
 * Which hardware a sensor belongs to, and whether that sleeps.
 *
 * `hwmon3` names nothing: numbers are given in the order in which drivers were loaded. What stays is a serial number, or the place
 * on the bus: the path below `/sys/devices` without the parts that are numbered as they come.
 */
import { basename, dirname } from "node:path/posix";
import { type HostFs, readText, realPath } from "../../lib/host_fs.ts";

const pciAddress = /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/;
const nvmeController = /^nvme\d+$/;
/** Host, channel, target, unit. */
const scsiAddress = /^\d+:\d+:\d+:\d+$/;
/** Parts of a path that are numbered as they come. */
const passing =
  /^(hwmon|hwmon\d+|nvme|nvme\d+|ata\d+|host\d+|target[\d:]+|i2c-\d+|thermal_zone\d+|virtual|thermal)$/;

const longest = 200;

/** The hardware in `folder`, as a text that is the same after the next boot; `undefined` where nothing tells it. */
export function deviceIdentity(fs: HostFs, folder: string): string | undefined {
  const serial = nvmeController.test(basename(folder))
    ? readText(`${folder}/serial`)
    : readText(`${folder}/wwid`);
  if (serial !== undefined && serial.trim() !== "") return serial.trim().slice(0, longest);
  const devices = realPath(fs.sys("devices"));
  if (devices === undefined || !folder.startsWith(`${devices}/`)) return undefined;
  const parts = folder.slice(devices.length + 1).split("/");
  const card = parts.findLastIndex((part) => pciAddress.test(part));
  const place = parts.slice(Math.max(card, 0)).filter((part) => !passing.test(part)).map(withoutBusNumber);
  return place.length === 0 ? undefined : place.join("/").slice(0, longest);
}

/** `3-0048`, a chip on the I2C bus 3, becomes `0048`; `0003:1B1C:0C10.0007`, the seventh HID device, loses the 7. */
function withoutBusNumber(part: string): string {
  return part.replace(/^\d+-(?=[0-9a-f]{4}$)/, "").replace(
    /(?<=^[0-9A-F]{4}:[0-9A-F]{4}:[0-9A-F]{4})\.[0-9A-F]{4}$/,
    "",
  );
}

/**
 * File that says whether the hardware in `folder` sleeps (kernel: `Documentation/power/runtime_pm.rst`); `undefined` for what can be
 * asked without waking anything of weight. Graphics cards, drives and network cards are watched; a bus whose controller sleeps
 * between two questions, as I2C ones do, is not.
 */
export function sleepFile(folder: string): string | undefined {
  const name = basename(folder);
  if (pciAddress.test(name) || scsiAddress.test(name)) return `${folder}/power/runtime_status`;
  if (!nvmeController.test(name)) return undefined;
  // The controller's own folder is below that of its class, which is below the card's.
  for (let above = dirname(folder), steps = 0; steps < 2; above = dirname(above), steps++) {
    if (pciAddress.test(basename(above))) return `${above}/power/runtime_status`;
  }
  return undefined;
}

const LETTER_S = 0x73;

/** 1 for `suspended` and `suspending`; 0 for `active`, `resuming`, `unsupported`, `error`. */
export function parseAsleep(status: Uint8Array): number {
  return status[0] === LETTER_S ? 1 : 0;
}
