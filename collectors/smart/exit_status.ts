/** Exit status of smartctl, a bit mask (smartctl(8), EXIT STATUS). */

/** What smartctl is told to exit with when a drive sleeps: no mask, since bit 0 stands alone. */
export const sleepingStatus = 3;

/** The bits, spelled out. */
export interface ExitStatus {
  /** The command line did not parse, or the kind of device is unknown. */
  readonly commandLine: boolean;
  /** The device could not be opened or did not identify itself. */
  readonly open: boolean;
  /** Some command to the drive failed; the rest of the output is good. */
  readonly command: boolean;
  readonly failing: boolean;
  /** A prefailure attribute is at its threshold. */
  readonly prefailure: boolean;
  /** An attribute was at its threshold in the past. */
  readonly failedInPast: boolean;
  readonly errorLog: boolean;
  readonly selfTest: boolean;
}

/** Decodes an exit status. */
export function decodeExitStatus(code: number): ExitStatus {
  const bit = (index: number) => (code & (1 << index)) !== 0;
  return {
    commandLine: bit(0),
    open: bit(1),
    command: bit(2),
    failing: bit(3),
    prefailure: bit(4),
    failedInPast: bit(5),
    errorLog: bit(6),
    selfTest: bit(7),
  };
}
