/**
 * Asking vendor commands that may never end: a process that waits for a dead drive or a suspended pool ignores even SIGKILL, and
 * must neither hold up the collector nor be joined by another one at every tick.
 */
import { type Clock, DeadlineError, withDeadline } from "../lib/clock.ts";
import { runVendorCommand, type VendorLimits, type VendorOutcome } from "./vendor_command.ts";

/** Runs a command as {@linkcode runVendorCommand} does, the clock left out. */
export type RunVendor = (
  argv: readonly [string, ...string[]],
  limits: Pick<VendorLimits, "deadlineMs">,
) => Promise<VendorOutcome>;

/** How long a killed process has to go. */
const graceMs = 1_000;

/** Makes a {@linkcode RunVendor} that never waits longer than its deadline, and leaves alone what has not ended since the last time. */
export function vendorRunner(clock: Clock, run: typeof runVendorCommand = runVendorCommand): RunVendor {
  /** Start of each run that has not ended, by its arguments. */
  const running = new Map<string, number>();
  return async (argv, { deadlineMs }) => {
    const key = argv.join("\0");
    const since = running.get(key);
    if (since !== undefined) {
      const seconds = Math.round((clock.monotonicMs() - since) / 1000);
      return { status: "killed", reason: `${argv[0]} was killed and has not ended for ${seconds} s` };
    }
    running.set(key, clock.monotonicMs());
    const work = run(argv, clock, { deadlineMs }).finally(() => running.delete(key));
    try {
      return await withDeadline(clock, deadlineMs + graceMs, argv[0], work);
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      work.catch(() => {}); // Nobody waits for it any more.
      return { status: "killed", reason: error.message };
    }
  };
}

/** What a command printed; a reason in place of it when it is absent, was killed, or ended with a code that `accepts` refuses. */
export type VendorText =
  | { readonly text: string; readonly code: number; readonly reason?: never }
  | { readonly text?: never; readonly reason: string };

/** The standard output of a run, or why there is none. */
export function outputOf(
  program: string,
  outcome: VendorOutcome,
  accepts: (code: number) => boolean = (code) => code === 0,
): VendorText {
  if (outcome.status === "absent") return { reason: `${program} is not installed` };
  if (outcome.status === "killed") return { reason: outcome.reason };
  if (accepts(outcome.code)) return { text: outcome.stdout, code: outcome.code };
  const said = (outcome.stderr.trim() || outcome.stdout.trim()).slice(-512);
  return { reason: `${program} ended with code ${outcome.code}${said === "" ? "" : `: ${said}`}` };
}
