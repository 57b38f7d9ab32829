/**
 * Finding the sensors of a host: `/sys/class/hwmon/hwmon*` (kernel: `Documentation/hwmon/sysfs-interface.rst`), else thermal zones
 * (`Documentation/driver-api/thermal/sysfs-api.rst`).
 */
import { type HostFs, namesIn, readInteger, readText, realPath } from "../../lib/host_fs.ts";
import { type SysfsAttribute, sysfsAttribute } from "../sysfs_attribute.ts";
import { deviceIdentity, parseAsleep, sleepFile } from "./device.ts";
import { type SensorKind, sensorKinds, temperatureKind, valueOf } from "./kinds.ts";

/** One sensor with its open files. */
export interface Sensor {
  readonly kind: SensorKind;
  readonly sensor: string;
  readonly device?: string;
  readonly input: SysfsAttribute;
  readonly alarms: readonly SysfsAttribute[];
  readonly fault?: SysfsAttribute;
  /** Limits in the kind's unit: they hardly change, and are read when the sensor is found. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Sensors that one driver answers for. */
export interface Chip {
  readonly driver: string;
  readonly sensors: readonly Sensor[];
  /** 1 while the hardware sleeps; absent where it can always be asked. */
  readonly asleep?: SysfsAttribute;
}

/** Beyond this many the rest is left out: each sensor keeps files open. */
const mostSensors = 512;
const longestName = 128;

/** Finds the sensors. Hosts whose hwmon drivers have no temperatures (Arm boards, virtual machines) may have thermal zones. */
export function findChips(fs: HostFs): Chip[] {
  const taken = new Set<string>();
  const chips = namesIn(fs.sys("class/hwmon")).flatMap((name) => {
    const chip = hwmonChip(fs, fs.sys(`class/hwmon/${name}`), taken);
    return chip === undefined ? [] : [chip];
  });
  const hasTemperature = chips.some(({ sensors }) => sensors.some(({ kind }) => kind === temperatureKind));
  if (!hasTemperature) chips.push(...thermalZones(fs, taken));
  return chips;
}

/** Closes the files of a chip. */
export function closeChip({ sensors, asleep }: Chip): void {
  asleep?.close();
  for (const { input, alarms, fault } of sensors) {
    input.close();
    for (const alarm of alarms) alarm.close();
    fault?.close();
  }
}

/** `temp1`, with the files that it has. */
interface Channel {
  readonly kind: SensorKind;
  readonly stem: string;
  readonly input: string;
  readonly label: string | undefined;
}

function hwmonChip(fs: HostFs, folder: string, taken: Set<string>): Chip | undefined {
  // Before Linux 3.13 drivers put their files beside the hwmon folder, into the device's.
  const [files, names] = [folder, `${folder}/device`]
    .map((path) => [path, new Set(namesIn(path))] as const)
    .find(([, entries]) => [...entries].some((name) => inputFile.test(name))) ?? [];
  if (files === undefined || names === undefined) return undefined;
  const driver = nameOf(readText(`${files}/name`) ?? readText(`${folder}/name`)) ?? "sensor";
  const device = realPath(`${folder}/device`);
  const identity = device === undefined ? undefined : deviceIdentity(fs, device);
  const status = device === undefined ? undefined : sleepFile(device);
  const channels = channelsOf(files, names);
  const sensors = channels.slice(0, Math.max(0, mostSensors - taken.size)).map((channel) => {
    const { kind, stem, input } = channel;
    const sensor = unique(`${driver}${labelOf(channel, channels)}`, identity, kind, taken);
    return openSensor(kind, files, stem, names, {
      sensor,
      ...(identity === undefined ? {} : { device: identity }),
      input: sysfsAttribute(`${files}/${input}`),
    });
  });
  return {
    driver,
    sensors,
    ...(status === undefined ? {} : { asleep: sysfsAttribute(status, parseAsleep) }),
  };
}

const inputFile = new RegExp(
  `^(${sensorKinds.map(({ prefix }) => prefix).join("|")})(\\d+)_(input|average)$`,
);

function channelsOf(folder: string, names: ReadonlySet<string>): Channel[] {
  const channels = new Map<string, Channel>();
  for (const name of names) {
    const [, prefix, number, ending = ""] = inputFile.exec(name) ?? [];
    const kind = sensorKinds.find((each) => each.prefix === prefix);
    const stem = `${prefix}${number}`;
    if (kind === undefined || !kind.inputs.includes(ending)) continue;
    const better = kind.inputs.slice(0, kind.inputs.indexOf(ending));
    if (better.some((other) => names.has(`${stem}_${other}`))) continue;
    const label = names.has(`${stem}_label`) ? nameOf(readText(`${folder}/${stem}_label`)) : undefined;
    channels.set(stem, { kind, stem, input: name, label });
  }
  return [...channels.values()];
}

/** What comes after the driver's name: the label, the file's where it has none or not alone, nothing where it is the only one. */
function labelOf(channel: Channel, channels: readonly Channel[]): string {
  const alike = channels.filter(({ kind }) => kind === channel.kind);
  if (channel.label === undefined) return alike.length === 1 ? "" : ` ${channel.stem}`;
  const namesakes = alike.filter(({ label }) => label === channel.label);
  return namesakes.length === 1 ? ` ${channel.label}` : ` ${channel.label} ${channel.stem}`;
}

const alarmEndings = [
  "alarm",
  "max_alarm",
  "crit_alarm",
  "min_alarm",
  "lcrit_alarm",
  "emergency_alarm",
  "cap_alarm",
];

function openSensor(
  kind: SensorKind,
  folder: string,
  stem: string,
  names: ReadonlySet<string>,
  known: Pick<Sensor, "sensor" | "device" | "input">,
): Sensor {
  const limits: Record<string, number> = {};
  for (const ending of kind.limits) {
    const raw = names.has(`${stem}_${ending}`) ? readInteger(`${folder}/${stem}_${ending}`) : undefined;
    // 0 is a limit that nobody set.
    const limit = raw === undefined || raw === 0 ? undefined : valueOf(kind, raw);
    if (limit !== undefined) limits[ending] = limit;
  }
  const open = (ending: string) => sysfsAttribute(`${folder}/${stem}_${ending}`);
  return {
    ...known,
    kind,
    limits,
    alarms: alarmEndings.filter((ending) => names.has(`${stem}_${ending}`)).map(open),
    ...(names.has(`${stem}_fault`) ? { fault: open("fault") } : {}),
  };
}

function thermalZones(fs: HostFs, taken: Set<string>): Chip[] {
  return namesIn(fs.sys("class/thermal")).flatMap((name) => {
    const folder = fs.sys(`class/thermal/${name}`);
    if (!/^thermal_zone\d+$/.test(name) || taken.size >= mostSensors) return [];
    const driver = nameOf(readText(`${folder}/type`)) ?? name;
    const sensor = unique(driver, undefined, temperatureKind, taken);
    const input = sysfsAttribute(`${folder}/temp`);
    const limits = tripPoints(folder);
    return [{ driver, sensors: [{ kind: temperatureKind, sensor, input, alarms: [], limits }] }];
  });
}

/** Temperatures at which the kernel acts: `hot` tells the user, `critical` shuts the host down. */
function tripPoints(folder: string): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const name of namesIn(folder)) {
    const [, point] = /^(trip_point_\d+)_type$/.exec(name) ?? [];
    if (point === undefined) continue;
    const ending = { hot: "max", critical: "crit" }[readText(`${folder}/${name}`) ?? ""];
    const raw = readInteger(`${folder}/${point}_temp`);
    const limit = raw === undefined || raw <= 0 ? undefined : valueOf(temperatureKind, raw);
    if (ending !== undefined && limit !== undefined) limits[ending] = limit;
  }
  return limits;
}

/** Two chips of one driver on one device, or on none that is known, would be one series: the later one gets a number. */
function unique(name: string, device: string | undefined, kind: SensorKind, taken: Set<string>): string {
  const keyOf = (sensor: string) => JSON.stringify([kind.prefix, sensor, device]);
  let sensor = name;
  for (let number = 2; taken.has(keyOf(sensor)); number++) sensor = `${name} (${number})`;
  taken.add(keyOf(sensor));
  return sensor;
}

function nameOf(text: string | undefined): string | undefined {
  const name = text?.trim().slice(0, longestName);
  return name === "" ? undefined : name;
}
