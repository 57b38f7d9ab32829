/**
 * Energy counters of the processor, RAPL: `/sys/class/powercap/intel-rapl:*` (kernel: `Documentation/power/powercap/powercap.rst`; AMD's are
 * there, too). Zones nest: `intel-rapl:0` is a package, `intel-rapl:0:1` a part of it, `intel-rapl-mmio:0` the same package once more.
 *
 * `energy_uj` counts microjoules and starts again at `max_energy_range_uj`: within an hour at full load. Only root may read it since
 * Linux 5.10, as it tells an attacker what other processes compute (CVE-2020-8694).
 */
import { type HostFs, namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Clock } from "../../lib/clock.ts";
import { roundTo2 } from "../../lib/round.ts";

type Zone = MetricData<"energy_list">["zones"][number];

/** What reading a counter gave. */
export type CounterReading = number | "denied" | undefined;

/** Reads the counter at `path`, in microjoules. */
export type ReadCounter = (path: string) => CounterReading;

/** {@linkcode ReadCounter} for real files. */
export function readCounter(path: string): CounterReading {
  try {
    const text = Deno.readTextFileSync(path).trimEnd();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied ? "denied" : undefined; // Else the zone has no value, or is gone.
  }
}

/** Why nothing was read, and what to grant. */
export const energyDenied =
  "energy_uj below /sys/class/powercap is readable by root only: run the agent as root or with CAP_DAC_READ_SEARCH";

/** Folders of the zones, in order; none on most virtual machines. */
export function energyZones(fs: HostFs): string[] {
  const names = namesIn(fs.sys("class/powercap"));
  const zones = names.filter((name) => /^intel-rapl(:\d+)+$/.test(name));
  const memoryMapped = names.filter((name) => /^intel-rapl-mmio(:\d+)+$/.test(name));
  return (zones.length > 0 ? zones : memoryMapped).map((name) => fs.sys(`class/powercap/${name}`));
}

interface Before {
  readonly microjoules: number;
  /** Energy counted on over the counter's restarts. */
  readonly total: number;
  readonly atMs: number;
}

/** Reads the zones again and again. */
export function energyReader(
  fs: HostFs,
  clock: Clock,
  read: ReadCounter,
): () => MetricData<"energy_list"> | undefined {
  const before = new Map<string, Before>();

  function readZone(folder: string, counter: number): Zone {
    const atMs = clock.monotonicMs();
    const last = before.get(folder);
    let rise = last === undefined ? 0 : counter - last.microjoules;
    // Where the range is not told, the counter's value is what was used since it started again.
    if (rise < 0) {
      rise = last === undefined ? 0 : rangeOf(folder, last.microjoules) - last.microjoules + counter;
    }
    const total = (last?.total ?? counter) + rise;
    before.set(folder, { microjoules: counter, total, atMs });
    const seconds = last === undefined ? 0 : (atMs - last.atMs) / 1000;
    return {
      zone: zoneName(folder),
      energy_joules: total / 1e6,
      ...(seconds > 0 ? { power_watts: roundTo2(rise / 1e6 / seconds) } : {}),
    };
  }

  return () => {
    const zones: Zone[] = [];
    let isDenied = false;
    for (const folder of energyZones(fs)) {
      const counter = read(`${folder}/energy_uj`);
      if (counter === "denied") isDenied = true;
      else if (counter !== undefined) zones.push(readZone(folder, counter));
    }
    if (zones.length === 0 && !isDenied) return undefined;
    return { zones, ...(isDenied ? { denied: energyDenied } : {}) };
  };
}

function rangeOf(folder: string, fallback: number): number {
  return Math.max(fallback, readInteger(`${folder}/max_energy_range_uj`) ?? fallback);
}

/** `package-0`; parts have the package's name first, as each package has a `dram`. */
function zoneName(folder: string): string {
  const own = (readText(`${folder}/name`) ?? "zone").slice(0, 64);
  const parent = /^(.*:\d+):\d+$/.exec(folder)?.[1];
  return parent === undefined ? own : `${zoneName(parent)} ${own}`;
}
