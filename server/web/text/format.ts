/** How values read: numbers with their units, durations, times. Absent values read as a dash. */

/** What stands where a value is absent. */
export const absent = "–";

/** Between a number and its unit, so that they are never torn apart. */
const space = "\u00a0";

const binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const bitUnits = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"];
const countUnits = ["", "k", "M", "G", "T"];

/** Three significant digits where they help: `9.53`, `95.3`, `953`. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function scaled(value: number | null | undefined, base: number, units: readonly string[]): string {
  if (value === undefined || value === null) return absent;
  let step = 0;
  let rest = value;
  // 999.5 would be written as "1000": the next unit reads better.
  while (Math.abs(rest) >= (base === 1024 ? 1023.5 : 999.5) && step < units.length - 1) {
    rest /= base;
    step++;
  }
  const unit = units[step] ?? "";
  const number = step === 0 && base === 1024 ? rest.toFixed(0) : digits(rest);
  return unit === "" ? number : number + space + unit;
}

/** Bytes in powers of 1024: `1.50 GiB`. */
export function formatBytes(bytes: number | null | undefined): string {
  return scaled(bytes, 1024, binaryUnits);
}

/** Bytes per second: `1.50 MiB/s`. */
export function formatByteRate(bytesPerSecond: number | null | undefined): string {
  return bytesPerSecond === undefined || bytesPerSecond === null
    ? absent
    : `${formatBytes(bytesPerSecond)}/s`;
}

/** Bits per second in powers of 1000, as links are sold: `1.50 Mbit/s`. */
export function formatBitRate(bitsPerSecond: number | null | undefined): string {
  return scaled(bitsPerSecond, 1000, bitUnits);
}

/** A plain number: `953`, `1.53 k`. */
export function formatCount(value: number | null | undefined): string {
  return scaled(value, 1000, countUnits);
}

/** Something per second: `12.5/s`. */
export function formatRate(perSecond: number | null | undefined): string {
  return perSecond === undefined || perSecond === null ? absent : `${formatCount(perSecond)}/s`;
}

/** Percent, 0–100: `3.4 %`, `42 %`. */
export function formatPercent(percent: number | null | undefined): string {
  if (percent === undefined || percent === null) return absent;
  return `${Math.abs(percent) < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}${space}%`;
}

/** A quantity in a unit that is not scaled: `12.1 V`, `54 °C`, `1180 rpm`. */
export function formatQuantity(value: number | null | undefined, unit: string): string {
  return value === undefined || value === null ? absent : digits(value) + space + unit;
}

/** A load average: `0.42`. */
export function formatLoad(load: number | null | undefined): string {
  return load === undefined || load === null ? absent : load.toFixed(2);
}

/** Microseconds as a duration people can compare: `85 µs`, `1.20 ms`, `2.00 s`. */
export function formatMicroseconds(microseconds: number | null | undefined): string {
  if (microseconds === undefined || microseconds === null) return absent;
  if (microseconds < 1000) return `${microseconds.toFixed(0)}${space}µs`;
  return microseconds < 1e6
    ? `${digits(microseconds / 1000)}${space}ms`
    : `${digits(microseconds / 1e6)}${space}s`;
}

const durationUnits = [["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]] as const;

/** A duration by its two largest units: `3 d 4 h`, `5 min 12 s`, `42 s`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === undefined || seconds === null) return absent;
  let rest = Math.max(0, Math.floor(seconds));
  const first = durationUnits.findIndex(([, size]) => rest >= size);
  if (first === -1) return `0${space}s`;
  const parts: string[] = [];
  for (const [unit, size] of durationUnits.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${space}${unit}`);
    rest -= count * size;
  }
  return parts.join(" ");
}

/** How long ago, by its largest unit: `just now`, `42 s ago`, `3 h ago`. */
export function formatAgo(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 10) return "just now";
  const unit = durationUnits.find(([, size]) => seconds >= size);
  return unit === undefined ? "just now" : `${Math.floor(seconds / unit[1])}${space}${unit[0]} ago`;
}

const clockFormat = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const shortClockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** Local time of day with seconds: `12:03:04`. */
export function formatClock(epochMs: number): string {
  return clockFormat.format(epochMs);
}

/** Local time of day: `12:03`. */
export function formatShortClock(epochMs: number): string {
  return shortClockFormat.format(epochMs);
}

/** Local date and time: `2026-01-26 12:03:04`. */
export function formatDateTime(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(epochMs)}`;
}
