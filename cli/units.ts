/** Numbers with their units, as people read them. */
import type { Unit } from "../protocol/measure.ts";

const binarySteps = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const decimalSteps = ["", "k", "M", "G", "T"];

/** A value of a unit: `1.5 GiB`, `12.3 %`, `3d 4h`, `1.0 Gbit/s`. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case "By":
      return scaled(value, 1024, binarySteps, "");
    case "By/s":
      return scaled(value, 1024, binarySteps, "/s");
    case "bit/s":
      return scaled(value, 1000, decimalSteps, "bit/s");
    case "Hz":
      return scaled(value, 1000, decimalSteps, "Hz");
    case "Cel":
      return `${decimal(value)} °C`;
    case "1":
      return decimal(value);
    default:
      return unit.startsWith("{") ? decimal(value) : `${decimal(value)} ${unit}`;
  }
}

/** A length of time: `3d 4h`, `5h 12m`, `42s`. */
export function formatAge(totalSeconds: number): string {
  const seconds = Math.max(0, Math.round(totalSeconds));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${minutes}m`;
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}

function scaled(value: number, base: number, steps: readonly string[], unit: string): string {
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= base && step < steps.length - 1) {
    rest /= base;
    step++;
  }
  const shown = step === 0 ? decimal(rest) : rest.toFixed(1);
  return `${shown} ${steps[step] ?? ""}${unit}`.trimEnd();
}

/** At most two digits behind the point, none that are zero. */
function decimal(value: number): string {
  return String(Math.round(value * 100) / 100);
}
