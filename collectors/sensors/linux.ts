/** Reads the sensors of a Linux host. */
import { DeadlineError, withDeadline } from "../../lib/clock.ts";
import type { Collector, Host } from "../collector.ts";
import { type Chip, closeChip, findChips } from "./chips.ts";
import { type Reading, sensorKinds } from "./kinds.ts";
import { type ChipReading, readChip, readChipInBackground } from "./reading.ts";

/** How long the list of sensors is believed. */
const scanEveryMs = 300_000;
/** When a file is gone the list is made again, but not more often than this: some drivers answer so all the time. */
const rescanAfterMs = 60_000;
/** A driver that takes longer to answer for its chip is asked in the background from then on. */
const slowMs = 20;
/** How long a collection waits for those. */
const answerWithinMs = 2000;
/** They ask a disk, or firmware that stops the processor meanwhile. */
const slowDrivers = new Set(["drivetemp", "dell_smm"]);

/** A chip at work. */
interface WatchedChip {
  readonly chip: Chip;
  isSlow: boolean;
  /** The reading in the background that has not ended. */
  pending?: Promise<ChipReading> | undefined;
}

/** The lists of all kinds of sensors that the host has. `readInBackground` is another in tests. */
export function linuxSensors(host: Host, readInBackground = readChipInBackground): Collector {
  const { clock, fs } = host;
  let chips: WatchedChip[] = [];
  let scannedAtMs = -Infinity;
  let isStale = false;

  function scan(): void {
    chips.forEach(retire);
    chips = findChips(fs).map((chip) => ({ chip, isSlow: slowDrivers.has(chip.driver) }));
    scannedAtMs = clock.monotonicMs();
    isStale = false;
  }

  function isScanDue(): boolean {
    return clock.monotonicMs() - scannedAtMs >= (isStale ? rescanAfterMs : scanEveryMs);
  }

  function take(answer: ChipReading): readonly Reading[] {
    isStale ||= answer.isStale;
    return answer.readings;
  }

  function readQuick(watched: WatchedChip): readonly Reading[] {
    const startMs = clock.monotonicMs();
    const answer = readChip(watched.chip);
    watched.isSlow = clock.monotonicMs() - startMs > slowMs;
    return take(answer);
  }

  /** Nothing when the driver does not answer in time: it is not asked again until it has. */
  async function readSlow(watched: WatchedChip): Promise<readonly Reading[]> {
    const pending = watched.pending ??
      readInBackground(watched.chip).finally(() => watched.pending = undefined);
    watched.pending = pending;
    try {
      return take(await withDeadline(clock, answerWithinMs, watched.chip.driver, pending));
    } catch (error) {
      if (error instanceof DeadlineError) return [];
      throw error;
    }
  }

  return {
    async collect() {
      if (isScanDue()) scan();
      const slow = chips.filter(({ isSlow }) => isSlow);
      const quick = chips.filter(({ isSlow }) => !isSlow).flatMap(readQuick);
      const readings = [...quick, ...(await Promise.all(slow.map(readSlow))).flat()];
      return sensorKinds.flatMap((kind) => {
        const alike = readings.filter((reading) => reading.kind === kind);
        return alike.length === 0 ? [] : [kind.measurement(alike)];
      });
    },
    close: () => chips.forEach(retire),
  };
}

/** Closes the chip's files, after the reading in the background that uses them. */
function retire({ chip, pending }: WatchedChip): void {
  if (pending === undefined) closeChip(chip);
  else void pending.finally(() => closeChip(chip));
}
