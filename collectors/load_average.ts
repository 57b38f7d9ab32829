/** `/proc/loadavg` (proc_loadavg(5)): `0.14 0.05 0.00 1/92 5695`. */
import { nextField, readDecimal, readUnsigned } from "../lib/ascii.ts";

const SLASH = 0x2f;

/** What `/proc/loadavg` says. */
export interface LoadAverage {
  /** Tasks running or in uninterruptible sleep, averaged over 1, 5 and 15 min. */
  readonly minutes1: number;
  readonly minutes5: number;
  readonly minutes15: number;
  /** Threads of all processes, the kernel's own included. */
  readonly threads: number;
}

/**
 * Parses `/proc/loadavg`.
 *
 * @throws When it does not hold three averages and `running/threads`.
 */
export function parseLoadAverage(bytes: Uint8Array): LoadAverage {
  const second = nextField(bytes, 0);
  const third = nextField(bytes, second);
  const tasks = nextField(bytes, third);
  const slash = bytes.indexOf(SLASH, tasks);
  const minutes1 = readDecimal(bytes, 0);
  const minutes5 = readDecimal(bytes, second);
  const minutes15 = readDecimal(bytes, third);
  const threads = slash === -1 ? undefined : readUnsigned(bytes, slash + 1);
  if (minutes1 === undefined || minutes5 === undefined || minutes15 === undefined || threads === undefined) {
    throw new Error("it is not three load averages and running/threads");
  }
  return { minutes1, minutes5, minutes15, threads };
}
