/**
 * Signals of a long-running command. The first SIGINT or SIGTERM asks it to end in order, the second ends it at once;
 * SIGHUP asks it to read its configuration again. Windows has SIGINT (Ctrl-C) and SIGBREAK (Ctrl-Break, console closed).
 */
import { systemClock } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import { exitCodes } from "./exit_codes.ts";

const log = logger("cli");

/** How long an orderly end may take before the process ends anyhow. */
const orderlyEndMs = 10_000;

/** The wish to end. */
export interface StopRequest {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Resolves with the first signal. */
  readonly received: Promise<void>;
  /** Takes the listeners away. */
  close(): void;
}

/** Listens for signals until closed; `onReload` is called for SIGHUP, where there is one. */
export function listenForSignals(onReload?: () => void): StopRequest {
  const controller = new AbortController();
  let resolveReceived = () => {};
  const received = new Promise<void>((resolve) => resolveReceived = resolve);
  let cancelDeadline = () => {};
  const stop = () => {
    if (controller.signal.aborted) Deno.exit(exitCodes.interrupted);
    cancelDeadline = systemClock.after(orderlyEndMs, () => {
      log.error("Did not end in order within {ms} ms: ending anyhow", { ms: orderlyEndMs });
      Deno.exit(exitCodes.failed);
    });
    controller.abort();
    resolveReceived();
  };
  const windows = Deno.build.os === "windows";
  const stopSignals: Deno.Signal[] = windows ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
  for (const name of stopSignals) Deno.addSignalListener(name, stop);
  const reload = windows ? undefined : onReload;
  if (reload !== undefined) Deno.addSignalListener("SIGHUP", reload);
  return {
    signal: controller.signal,
    received,
    close() {
      cancelDeadline();
      for (const name of stopSignals) Deno.removeSignalListener(name, stop);
      if (reload !== undefined) Deno.removeSignalListener("SIGHUP", reload);
    },
  };
}
