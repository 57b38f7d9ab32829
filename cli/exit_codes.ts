/** Exit codes, those of BSD's `sysexits.h` where it has one. Service managers and scripts decide by them. */

/** What the process answers to who started it. */
export const exitCodes = {
  ok: 0,
  /** Something that was asked for could not be done. */
  failed: 1,
  /** What was looked at works, but not all is well (`spectra doctor`). */
  attention: 2,
  /** The command line is wrong (EX_USAGE). */
  usage: 64,
  /** A server or an address is not available (EX_UNAVAILABLE). */
  unavailable: 69,
  /** A fault of this program (EX_SOFTWARE). */
  bug: 70,
  /** A file or folder can't be made (EX_CANTCREAT). */
  cannotCreate: 73,
  /** Not allowed (EX_NOPERM). */
  notPermitted: 77,
  /** The configuration is wrong (EX_CONFIG). Restarting does not help. */
  configuration: 78,
  /** Ended at once by a second Ctrl-C (128 + SIGINT). */
  interrupted: 130,
} as const;

/** One of {@linkcode exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure whose exit code is known. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** What to do about it, as a sentence; shown behind the message and its causes. */
  readonly remedy: string | undefined;

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options: ErrorOptions & { readonly remedy?: string } = {},
  ) {
    super(message, options);
    this.remedy = options.remedy;
  }
}

/** The exit code of any error, judged by its causes. */
export function exitCodeOf(error: unknown): ExitCode {
  // Ours are wrapped in words; one of these that nobody wrapped was not expected by anybody.
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) {
    return exitCodes.bug;
  }
  for (let at = error, depth = 0; at instanceof Error && depth < 16; at = at.cause, depth++) {
    if (at instanceof CommandError) return at.exitCode;
    if (at instanceof Deno.errors.AddrInUse) return exitCodes.unavailable;
    if (at instanceof Deno.errors.PermissionDenied) return exitCodes.notPermitted;
  }
  return exitCodes.failed;
}
