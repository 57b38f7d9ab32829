/** Which lines each chart of the host page has, by what the host reports. */
import { seriesKeyOf } from "../state/series_key.ts";
import type { SeriesBuffer, SeriesStore } from "../state/series_store.ts";
import { type Line, lineOf } from "./plot_data.ts";

type Known = Pick<SeriesStore, "get">;

/** Modes from the bottom of the stack to its top; what a host does not report is left out. */
const cpuModes: readonly (readonly [label: string, colour: string, fields: readonly string[]])[] = [
  ["User", "--series-blue", ["user_seconds"]],
  ["Nice", "--series-teal", ["nice_seconds"]],
  ["Guests", "--series-pink", ["guest_seconds", "guest_nice_seconds"]],
  ["System", "--series-orange", ["system_seconds"]],
  ["I/O wait", "--series-grey", ["iowait_seconds"]],
  ["Interrupts", "--series-violet", ["irq_seconds", "softirq_seconds"]],
  ["Steal", "--series-red", ["steal_seconds"]],
];

/**
 * Processor time by mode in percent of all processors; seconds per second are divided by `logicalCount`. A host that
 * reports no modes (a v1 agent) has its total alone.
 */
export function cpuLines(store: Known, logicalCount: number): Line[] {
  const lines = cpuModes.map(([label, colour, fields]) => ({
    label,
    colour,
    terms: fields.map((field) => ({ key: `cpu.${field}`, weight: 100 / logicalCount })),
  }));
  const present = known(store, lines);
  return present.length > 0 ? present : known(store, [lineOf("Used", "--series-blue", "cpu.usage")]);
}

/** Memory: used, what could be given back at once, free; together all there is. */
export function memoryLines(store: Known): Line[] {
  return known(store, [
    lineOf("Used", "--series-blue", "memory.ram_used"),
    {
      label: "Cache",
      colour: "--series-teal",
      terms: [{ key: "memory.ram_available", weight: 1 }, { key: "memory.ram_free", weight: -1 }],
    },
    lineOf("Free", "--series-faint", "memory.ram_free"),
  ]);
}

/** Swap space in use. */
export function swapLines(store: Known): Line[] {
  return known(store, [lineOf("Used", "--series-violet", "memory.swap_used")]);
}

/** Traffic with swap space. */
export function swapTrafficLines(store: Known): Line[] {
  return known(store, [
    lineOf("In", "--series-blue", "memory.swap_in_bytes"),
    lineOf("Out", "--series-orange", "memory.swap_out_bytes"),
  ]);
}

/** Load averages. */
export function loadLines(store: Known): Line[] {
  return known(store, [
    lineOf("1 min", "--series-blue", "cpu.load_1m"),
    lineOf("5 min", "--series-orange", "cpu.load_5m"),
    lineOf("15 min", "--series-grey", "cpu.load_15m"),
  ]);
}

/** Pressure stall information in percent of time. */
export function pressureLines(store: Known): Line[] {
  return known(store, [
    lineOf("CPU", "--series-blue", "cpu.pressure_some_seconds", 100),
    lineOf("Memory", "--series-violet", "memory.pressure_some_seconds", 100),
    lineOf("Memory, full", "--series-red", "memory.pressure_full_seconds", 100),
    lineOf("I/O", "--series-teal", "disk_io.pressure_some_seconds", 100),
    lineOf("I/O, full", "--series-orange", "disk_io.pressure_full_seconds", 100),
  ]);
}

/** Bytes read from and written to a device. */
export function diskThroughputLines(store: Known, device: string): Line[] {
  return known(store, [
    lineOf("Read", "--series-blue", deviceKey("read_bytes", device)),
    lineOf("Written", "--series-orange", deviceKey("write_bytes", device)),
  ]);
}

/** Operations of a device. */
export function diskOperationLines(store: Known, device: string): Line[] {
  return known(store, [
    lineOf("Reads", "--series-blue", deviceKey("read_ops", device)),
    lineOf("Writes", "--series-orange", deviceKey("write_ops", device)),
  ]);
}

/** Share of time in which a device had anything to do: milliseconds per second, so a tenth is percent. */
export function diskUtilisationLines(store: Known, device: string): Line[] {
  return known(store, [lineOf("Busy", "--series-violet", deviceKey("io_time_ms", device), 0.1)]);
}

/** Traffic of an interface in bit/s. */
export function networkLines(store: Known, name: string): Line[] {
  return known(store, [
    lineOf("Received", "--series-blue", interfaceKey("rx_bytes", name), 8),
    lineOf("Sent", "--series-orange", interfaceKey("tx_bytes", name), 8),
  ]);
}

/** Packets of an interface that were lost. */
export function networkFaultLines(store: Known, name: string): Line[] {
  return known(store, [
    lineOf("Receive errors", "--series-red", interfaceKey("rx_errors", name)),
    lineOf("Send errors", "--series-pink", interfaceKey("tx_errors", name)),
    lineOf("Receive drops", "--series-violet", interfaceKey("rx_drops", name)),
    lineOf("Send drops", "--series-teal", interfaceKey("tx_drops", name)),
  ]);
}

const temperatureColours: readonly string[] = [
  "--series-red",
  "--series-blue",
  "--series-orange",
  "--series-teal",
  "--series-violet",
  "--series-pink",
  "--series-grey",
];

/** The sensors that have been hottest, as many as there are colours, by name. */
export function temperatureLines(store: Pick<SeriesStore, "byName">): Line[] {
  const known = store.byName("temperature.temperature");
  const highest = ({ values }: SeriesBuffer) =>
    values.reduce<number>((most, value) => Math.max(most, value ?? most), -Infinity);
  const sensors = known.map(({ labels }) => labels["sensor"] ?? "");
  const labelOf = ({ labels, key }: SeriesBuffer) => {
    const sensor = labels["sensor"] ?? key;
    const isAlone = sensors.filter((other) => other === sensor).length === 1;
    return isAlone ? sensor : `${sensor} (${labels["device"] ?? key})`;
  };
  return [...known]
    .sort((a, b) => highest(b) - highest(a))
    .slice(0, temperatureColours.length)
    .map((buffer) => ({ label: labelOf(buffer), key: buffer.key }))
    .sort((a, b) => a.label < b.label ? -1 : 1)
    .map(({ label, key }, index) => lineOf(label, temperatureColours[index] ?? "--series-grey", key));
}

/** Key of a series of a block device. */
export function deviceKey(field: string, device: string): string {
  return seriesKeyOf(`disk_io.${field}`, { device });
}

/** Key of a series of a network interface. */
export function interfaceKey(field: string, name: string): string {
  return seriesKeyOf(`network.${field}`, { interface: name });
}

/** Those lines of which any term has a series. */
function known(store: Known, lines: readonly Line[]): Line[] {
  return lines.filter(({ terms }) => terms.some(({ key }) => store.get(key) !== undefined));
}
