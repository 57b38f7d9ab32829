/** `spectra collect [type…]` */
import type { CollectorDefinition } from "../../collectors/collector.ts";
import { sleep, systemClock } from "../../lib/clock.ts";
import { configureLogging } from "../../lib/log.ts";
import type { MetricType } from "../../protocol/metrics/mod.ts";
import type { CommandDefinition, Invocation } from "../command.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { configuredSettings } from "../configuration/collector_settings.ts";
import { hostFsOptions } from "../configuration/options.ts";
import { hostname, logFormat, logLevel } from "../configuration/settings.ts";
import { CommandError, type ExitCode, exitCodes } from "../exit_codes.ts";
import { listenForSignals } from "../signals.ts";
import { didYouMean } from "../suggest.ts";

/** Time between the rounds of `--watch`. */
const watchPauseMs = 2_000;

/** Shows what the collectors see on this host. */
export const collectCommand: CommandDefinition = {
  name: "collect",
  summary: "Show what the collectors see on this machine, once",
  description:
    "Runs the collectors, twice a second apart where a rate needs it, and prints what they see. Nothing is sent.",
  argument: {
    notation: "[type...]",
    help: "Only these: envelope types (disk_list) or collectors (disk). All unless given.",
  },
  roles: ["collect"],
  switches: [
    { name: "json", help: "Print one JSON array of envelopes; with --watch one per line." },
    {
      name: "watch",
      help: "Go on every few seconds until Ctrl-C; what runs hourly or nightly only when it is named.",
    },
  ],
  examples: [
    { arguments: "collect cpu memory", purpose: "processor and memory of this machine" },
    { arguments: "collect --json", purpose: "everything, as the server would get it" },
    { arguments: "collect network --watch", purpose: "again every few seconds" },
    {
      arguments: "collect --procfs /host/proc --rootfs /host",
      purpose: "the host's, from inside a container",
    },
  ],
  async run(invocation) {
    const { arguments: names, switches } = invocation;
    const configuration = await invocation.loadConfiguration();
    await configureLogging(quietLevel(configuration), configuration.value(logFormat));
    const { collectorDefinitions } = await import("../../collectors/mod.ts");
    const types = names.length === 0 ? undefined : selectTypes(collectorDefinitions, names);
    const round = await rounds(invocation, configuration, collectorDefinitions, types);
    if (!switches.has("watch")) return await round();
    const stop = listenForSignals();
    try {
      while (!stop.signal.aborted) {
        await round();
        await sleep(systemClock, watchPauseMs, stop.signal);
      }
    } finally {
      stop.close();
    }
    return exitCodes.ok;
  },
};

/** What a command that answers once logs: warnings, unless somebody asked for more. */
function quietLevel(configuration: Configuration) {
  return configuration.origin(logLevel).source === "default" ? "warning" : configuration.value(logLevel);
}

/**
 * The envelope types that the names stand for.
 *
 * @throws {CommandError} Naming what there is, when a name is neither a collector nor a type that one makes.
 */
export function selectTypes(
  definitions: readonly CollectorDefinition[],
  names: readonly string[],
): MetricType[] {
  const made = definitions.flatMap(({ types }) => types);
  return names.flatMap((name) => {
    const byCollector = definitions.find((definition) => definition.name === name)?.types;
    const types = byCollector ?? made.filter((type) => type === name);
    if (types.length > 0) return types;
    const known = [...new Set([...definitions.map((definition) => definition.name), ...made])].sort();
    throw new CommandError(
      exitCodes.usage,
      `Nothing here collects "${name}"${didYouMean(name, known)}; there are ${known.join(", ")}`,
    );
  });
}

/** A function that collects and prints once. */
async function rounds(
  { output, switches }: Invocation,
  configuration: Configuration,
  definitions: readonly CollectorDefinition[],
  types: readonly MetricType[] | undefined,
): Promise<() => Promise<ExitCode>> {
  const { collectOnce, isSeldom } = await import("../../agent/collect.ts");
  const { resolveHostname } = await import("../../agent/hostname.ts");
  const { hostFs } = await import("../../lib/host_fs.ts");
  const { writeEnvelope } = await import("../measurement_table.ts");
  const fs = hostFs(hostFsOptions(configuration));
  const host = { os: Deno.build.os, fs, clock: systemClock };
  const name = resolveHostname(configuration.value(hostname), fs);
  const settings = configuredSettings(configuration, definitions);
  // Watching is for what changes: asking a package manager every few seconds would be a load of its own.
  const leavesSeldomOut = switches.has("watch") && types === undefined;
  const wanted = leavesSeldomOut ? definitions.filter((definition) => !isSeldom(definition)) : definitions;
  return async () => {
    const { envelopes, problems } = await collectOnce(
      wanted,
      host,
      name,
      { settings, ...types === undefined ? {} : { types } },
    );
    const failures = problems.filter(({ outcome }) => outcome === "failed" || outcome === "timeout");
    if (switches.has("json")) {
      output.json(envelopes);
      for (const { collector, outcome, detail } of problems) {
        output.complain(`${collector}: ${outcome}: ${detail}`);
      }
    } else {
      if (switches.has("watch")) output.clear();
      output.line({ text: `${name}  ${envelopes[0]?.timestamp ?? ""}`, style: "dim" });
      for (const envelope of envelopes) writeEnvelope(output, envelope);
      for (const { collector, outcome, detail } of problems) {
        const style = outcome === "unsupported" ? "dim" : outcome === "denied" ? "yellow" : "red";
        output.line({ text: collector, style: "bold" }, " ", { text: outcome, style }, `: ${detail}`);
      }
    }
    // A host without something is no failure; a collector that broke is.
    return failures.length > 0 ? exitCodes.failed : exitCodes.ok;
  };
}
