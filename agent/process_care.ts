/** What this process does for itself after it has started: it closes a door of the runtime, and gives memory back. */
import { dropFilePages, ignoreSigusr1 } from "../ffi/libc.ts";
import type { Clock } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";

const log = logger("agent", "process");

// Deno sets its own SIGUSR1 handler, which opens an inspector to anyone on this machine, a while after start.
const ignoreSigusr1AfterMs = 10_000;

// By then what was needed only to start has been used.
const dropPagesAfterMs = 30_000;

/** Begins to care; the function returned ends it. */
export function careForProcess(clock: Clock): () => void {
  if (Deno.build.os !== "linux") return () => {};
  attempt("ignore SIGUSR1", ignoreSigusr1);
  const cancels = [
    clock.after(ignoreSigusr1AfterMs, () => attempt("ignore SIGUSR1", ignoreSigusr1)),
    clock.after(dropPagesAfterMs, () => attempt("give memory back", dropFilePages)),
  ];
  return () => cancels.forEach((cancel) => cancel());
}

function attempt(what: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    log.debug("Cannot {what}: {error}", { what, error });
  }
}
