/**
 * Batteries, UPS, mains and chargers: `/sys/class/power_supply/*` (kernel: `Documentation/ABI/testing/sysfs-class-power`).
 *
 * Values are in microwatts, microamperes, microvolts, microwatt hours, tenths of a degree. A driver has energies (`energy_*`) or
 * charges (`charge_*`, microampere hours), which the voltage that the battery is made for turns into energies; not every driver has
 * every file, and one that has a file may have no value for it (EAGAIN, ENODEV, ENODATA).
 */
import { namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import { percentOf, roundTo2 } from "../../lib/round.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

type Supply = MetricData<"battery_list">["supplies"][number];

const kinds: Readonly<Record<string, string>> = {
  Battery: "battery",
  UPS: "ups",
  Mains: "mains",
  USB: "usb",
  USB_C: "usb",
  USB_PD: "usb",
  Wireless: "wireless",
};

/** Longer than this is no estimate (a battery that rests): 30 days. */
const longestTimeSeconds = 30 * 86_400;

/** True for what does not feed the host: the batteries of mice, keyboards, headsets. */
export function isOfDevice(folder: string): boolean {
  return readText(`${folder}/scope`) === "Device";
}

/** Reads a file of the supply's as text, or as an integer; `undefined` where the driver has none or no value for it. */
type Read<T> = (file: string) => T | undefined;

/** Reads the supply in `folder`; `undefined` for one of a device's own, for an empty bay, and for what is gone. */
export function readSupply(folder: string, name: string): Supply | undefined {
  const files = new Set(namesIn(folder));
  const text = (file: string) => files.has(file) ? readText(`${folder}/${file}`) : undefined;
  const integer = (file: string) => files.has(file) ? readInteger(`${folder}/${file}`) : undefined;
  const type = text("type");
  if (type === undefined || text("scope") === "Device" || integer("present") === 0) return undefined;
  const kind = kinds[type];
  const online = integer("online");
  const state = kind === "battery" || kind === "ups" ? text("status")?.toLowerCase() : undefined;
  return {
    supply: name,
    ...(kind === undefined ? {} : { kind }),
    ...(online === undefined ? {} : { online: online > 0 }),
    ...(state === undefined ? {} : { state }),
    ...readIdentity(text),
    ...readFigures(integer, state),
  };
}

function readIdentity(readFile: Read<string>): Partial<Supply> {
  const read = (file: string) => {
    const text = readFile(file)?.trim().slice(0, 128);
    return text === "" || text === "Unknown" ? undefined : text;
  };
  const manufacturer = read("manufacturer");
  const model = read("model_name");
  const serial = read("serial_number");
  const technology = read("technology");
  return {
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(serial === undefined || /^0*$/.test(serial) ? {} : { serial }),
    ...(technology === undefined ? {} : { technology }),
  };
}

function readFigures(read: Read<number>, state: string | undefined): Partial<Supply> {
  const voltage = positive(read("voltage_now"));
  const watts = powerWatts(read("power_now"), read("current_now"), voltage);
  const stored = readEnergies(read, voltage);
  const capacity = read("capacity");
  const charge = capacity === undefined
    ? shareOf(stored.now, stored.full)
    : Math.min(100, Math.max(0, capacity));
  const health = stored.full === undefined || stored.design === undefined
    ? undefined
    : roundTo2((stored.full / stored.design) * 100);
  const cycles = positive(read("cycle_count")); // 0 is what drivers say that do not know.
  const temperature = read("temp");
  const emptySeconds = state === "discharging"
    ? secondsFor(stored.now, watts) ?? estimate(read("time_to_empty_now") ?? read("time_to_empty_avg"))
    : undefined;
  const missing = stored.now === undefined || stored.full === undefined
    ? undefined
    : stored.full - stored.now;
  const fullSeconds = state === "charging"
    ? secondsFor(missing, watts) ?? estimate(read("time_to_full_now") ?? read("time_to_full_avg"))
    : undefined;
  return {
    ...(charge === undefined ? {} : { charge_pct: charge }),
    ...(watts === undefined ? {} : { power_watts: watts }),
    ...(voltage === undefined ? {} : { voltage_volts: voltage / 1e6 }),
    ...(stored.now === undefined ? {} : { energy_wh: roundTo2(stored.now) }),
    ...(stored.full === undefined ? {} : { energy_full_wh: roundTo2(stored.full) }),
    ...(stored.design === undefined ? {} : { energy_design_wh: roundTo2(stored.design) }),
    ...(health === undefined ? {} : { health_pct: health }),
    ...(cycles === undefined ? {} : { cycles }),
    ...(emptySeconds === undefined ? {} : { time_left_seconds: emptySeconds }),
    ...(fullSeconds === undefined ? {} : { time_to_full_seconds: fullSeconds }),
    ...(temperature === undefined ? {} : { temperature: temperature / 10 }),
  };
}

/** In watt hours. */
interface Energies {
  readonly now: number | undefined;
  readonly full: number | undefined;
  readonly design: number | undefined;
}

function readEnergies(read: Read<number>, voltage: number | undefined): Energies {
  const readAll = (what: string) => ({
    now: read(`${what}_now`),
    full: positive(read(`${what}_full`)),
    design: positive(read(`${what}_full_design`)),
  });
  const inUnits = ({ now, full, design }: Energies, unitsPerWattHour: number): Energies => ({
    now: now === undefined ? undefined : now / unitsPerWattHour,
    full: full === undefined ? undefined : full / unitsPerWattHour,
    design: design === undefined ? undefined : design / unitsPerWattHour,
  });
  const energies = readAll("energy");
  if (energies.now !== undefined || energies.full !== undefined) return inUnits(energies, 1e6);
  // As upower does it: the nominal voltage, so that what a battery holds does not swing with its load.
  const nominal = positive(read("voltage_min_design")) ?? voltage;
  return nominal === undefined
    ? { now: undefined, full: undefined, design: undefined }
    : inUnits(readAll("charge"), 1e12 / nominal);
}

/** Drivers differ in the sign that a flow out of the battery has; the state says where it flows. */
function powerWatts(
  microwatts: number | undefined,
  microamperes: number | undefined,
  microvolts: number | undefined,
): number | undefined {
  if (microwatts !== undefined) return roundTo2(Math.abs(microwatts) / 1e6);
  if (microamperes === undefined || microvolts === undefined) return undefined;
  return roundTo2((Math.abs(microamperes) / 1e6) * (microvolts / 1e6));
}

function secondsFor(wattHours: number | undefined, watts: number | undefined): number | undefined {
  if (wattHours === undefined || watts === undefined || watts === 0 || wattHours < 0) return undefined;
  return estimate(Math.round((wattHours / watts) * 3600));
}

function estimate(seconds: number | undefined): number | undefined {
  return seconds !== undefined && seconds >= 0 && seconds < longestTimeSeconds ? seconds : undefined;
}

function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined ? undefined : percentOf(part, whole);
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
