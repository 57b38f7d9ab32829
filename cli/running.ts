/** What the long-running commands have in common: logging, signals, reload, an orderly end. */
import { makePrivateDirectory } from "../lib/data_directory.ts";
import { configureLogging, logger } from "../lib/log.ts";
import type { Invocation } from "./command.ts";
import type { Configuration } from "./configuration/configuration.ts";
import { logFormat, logLevel } from "./configuration/settings.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit_codes.ts";
import { listenForSignals } from "./signals.ts";

const log = logger("cli");

/** Something that was started and goes on. */
export interface Running {
  /** Goes on with another configuration. */
  reload(configuration: Configuration): Promise<void>;
  /** Ends in order. */
  stop(): Promise<void>;
  /** Settles when it ends by itself; rejects when it can't go on. */
  readonly done?: Promise<void>;
}

/** Starts something and keeps it running until a signal asks to end. SIGHUP reloads; an invalid configuration changes nothing. */
export async function runUntilStopped(
  invocation: Invocation,
  start: (configuration: Configuration) => Promise<Running>,
): Promise<ExitCode> {
  const configuration = await loadAndLog(invocation);
  const started = Promise.withResolvers<Running>();
  let reloads: Promise<unknown> = started.promise;
  const stop = listenForSignals(() => {
    reloads = reloads.then(async () => await reload(invocation, await started.promise));
  });
  reloads.catch(() => {}); // Starting failed; that is reported below.
  try {
    const running = await start(configuration);
    started.resolve(running);
    try {
      await Promise.race([stop.received, running.done ?? stop.received]);
    } finally {
      await reloads;
      await running.stop();
    }
    return exitCodes.ok;
  } catch (error) {
    started.reject(error);
    throw error;
  } finally {
    stop.close();
  }
}

async function reload(invocation: Invocation, running: Running): Promise<void> {
  try {
    await running.reload(await loadAndLog(invocation));
    log.info("Configuration reloaded");
  } catch (error) {
    log.error("Configuration not reloaded, the old one stays: {error}", { error });
  }
}

async function loadAndLog(invocation: Invocation): Promise<Configuration> {
  const configuration = await invocation.loadConfiguration();
  await configureLogging(configuration.value(logLevel), configuration.value(logFormat));
  for (const warning of configuration.warnings) log.warning("{warning}", { warning });
  return configuration;
}

/**
 * Makes the directory that everything is kept in, for its owner only.
 *
 * @throws {CommandError} When it can't be made or written to.
 */
export async function makeDataDirectory(path: string): Promise<void> {
  try {
    await makePrivateDirectory(path);
  } catch (cause) {
    throw new CommandError(
      exitCodes.cannotCreate,
      `Cannot keep data in ${path}`,
      { cause, remedy: "Choose one that may be written to with --data DIR" },
    );
  }
}
