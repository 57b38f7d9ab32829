/**
 * Pressure stall information: `/proc/pressure/{cpu,memory,io,irq}`, Linux 4.20 and later (kernel: `Documentation/accounting/psi.rst`).
 *
 * ```
 * some avg10=0.14 avg60=0.05 avg300=0.00 total=5601217
 * full avg10=0.14 avg60=0.05 avg300=0.00 total=5430876
 * ```
 *
 * `total` is in microseconds. Only it is read: the averages are refreshed every 2 s and belong to windows of the kernel's, not ours.
 */
import { bytesOf, findLine, lineEnd, nextField, readUnsigned, startsWith } from "../lib/ascii.ts";
import type { Clock } from "../lib/clock.ts";
import { optionalHostFile } from "./host_file.ts";

/** Time lost to waiting since boot, in seconds. `irq` has no `some`; older kernels have no `full` for `cpu`. */
export interface Pressure {
  readonly someSeconds?: number;
  readonly fullSeconds?: number;
}

const some = bytesOf("some ");
const full = bytesOf("full ");
const total = bytesOf("total=");

/**
 * Parses one pressure file.
 *
 * @throws When it holds neither total.
 */
export function parsePressure(bytes: Uint8Array): Pressure {
  const someSeconds = totalSeconds(bytes, some);
  const fullSeconds = totalSeconds(bytes, full);
  if (someSeconds === undefined && fullSeconds === undefined) {
    throw new Error('it has no "total=" of "some" or "full"');
  }
  return {
    ...(someSeconds === undefined ? {} : { someSeconds }),
    ...(fullSeconds === undefined ? {} : { fullSeconds }),
  };
}

function totalSeconds(bytes: Uint8Array, kind: Uint8Array): number | undefined {
  const line = findLine(bytes, kind);
  if (line === undefined) return undefined;
  const end = lineEnd(bytes, line);
  for (let at = line; at < end; at = nextField(bytes, at)) {
    if (!startsWith(bytes, at, total)) continue;
    const microseconds = readUnsigned(bytes, at + total.length);
    return microseconds === undefined ? undefined : microseconds / 1e6;
  }
  return undefined;
}

/** Reads one pressure file again and again. */
export interface PressureReader {
  /**
   * The totals now; `{}` where the kernel has no PSI or it is switched off.
   *
   * @throws When the file is malformed; the message names it.
   */
  read(): Pressure;
  close(): void;
}

/** Reads the pressure file at `path`, e.g. `host.fs.proc("pressure/io")`. */
export function pressureReader(path: string, clock: Clock): PressureReader {
  const file = optionalHostFile(path, clock);
  return { read: () => file.parse(parsePressure) ?? {}, close: () => file.close() };
}
