/** From a configuration to what the agent and the server are started with. */
import { join } from "node:path";
import type { AgentOptions, CollectorOptions } from "../../agent/options.ts";
import type { HostFsOptions } from "../../lib/host_fs.ts";
import type { ServerOptions } from "../../server/options.ts";
import { CommandError, exitCodes } from "../exit_codes.ts";
import type { Configuration } from "./configuration.ts";
import {
  collectorEnabled,
  collectorInterval,
  type ConfigurableCollector,
  configuredSettings,
} from "./collector_settings.ts";
import { collectorToggles } from "./foreign_settings.ts";
import * as settings from "./settings.ts";

/** What `spectra up` fixes for its agent; otherwise the configuration says it. */
export interface AgentPlacement {
  readonly serverUrl: string;
  readonly serverName: string;
  readonly dataDirectory: string;
  readonly tokenFile: string;
}

/**
 * Options of an agent. `collectors` are all that there are.
 *
 * @throws {CommandError} When no server is configured, or a collector's settings do not go together.
 */
export function agentOptions(
  configuration: Configuration,
  collectors: readonly ConfigurableCollector[],
  placement?: AgentPlacement,
): AgentOptions {
  const serverUrl = placement?.serverUrl ?? configuration.value(settings.server);
  if (serverUrl === undefined) {
    throw new CommandError(exitCodes.configuration, "No server to report to", {
      remedy: 'Name it with --server URL, SPECTRA_SERVER or "server" in the configuration file',
    });
  }
  const hostname = configuration.value(settings.hostname);
  const metricsListen = configuration.value(settings.metricsListen);
  const tokenFile = placement?.tokenFile ?? configuration.value(settings.tokenFile);
  return {
    serverUrl,
    ...placement === undefined ? {} : { serverName: placement.serverName },
    dataDirectory: placement?.dataDirectory ?? configuration.value(settings.data),
    ...hostname === undefined ? {} : { hostname },
    ...tokenFile === undefined ? {} : { tokenFile },
    hostFs: hostFsOptions(configuration),
    collectors: collectorOptions(configuration, collectors),
    bufferMaxEnvelopes: configuration.value(settings.bufferMaxEnvelopes),
    batchMaxEnvelopes: configuration.value(settings.batchSize),
    batchMaxSeconds: configuration.value(settings.batchSeconds),
    heartbeatSeconds: configuration.value(settings.heartbeatInterval),
    ...metricsListen === undefined ? {} : { metricsListen },
  };
}

/** Options of a server. */
export function serverOptions(
  configuration: Configuration,
  directories?: Pick<ServerOptions, "dataDirectory" | "tokenDirectory">,
): ServerOptions {
  const data = configuration.value(settings.data);
  return {
    listen: configuration.value(settings.listen),
    dataDirectory: directories?.dataDirectory ?? data,
    tokenDirectory: directories?.tokenDirectory ?? data,
    allowAnonymousAgents: configuration.value(settings.allowAnonymousAgents),
  };
}

/** Where the host's trees are. */
export function hostFsOptions(configuration: Configuration): HostFsOptions {
  const procfs = configuration.value(settings.procfs);
  const sysfs = configuration.value(settings.sysfs);
  const rootfs = configuration.value(settings.rootfs);
  return {
    ...procfs === undefined ? {} : { procfs },
    ...sysfs === undefined ? {} : { sysfs },
    ...rootfs === undefined ? {} : { rootfs },
  };
}

/** The file with the token that `spectra hosts` shows. */
export function adminTokenPath(configuration: Configuration): string {
  return configuration.value(settings.adminTokenFile) ??
    join(configuration.value(settings.data), "admin-token");
}

function collectorOptions(
  configuration: Configuration,
  collectors: readonly ConfigurableCollector[],
): CollectorOptions {
  const names = collectors.map(({ name }) => name);
  const disabled = names.filter((name) => !isEnabled(configuration, name));
  const intervalSeconds: Record<string, number> = {};
  for (const name of names) {
    const interval = configuration.value(collectorInterval(name));
    if (interval !== undefined) intervalSeconds[name] = interval;
  }
  const minimumIntervalSeconds = Math.max(
    configuration.value(settings.collectionInterval) ?? 0,
    configuration.value(settings.metricsInterval) ?? 0,
  );
  return {
    disabled,
    minimumIntervalSeconds,
    intervalSeconds,
    settings: configuredSettings(configuration, collectors),
  };
}

/** What is said about the collector itself counts; else any switch that is off and covers it. */
function isEnabled(configuration: Configuration, collector: string): boolean {
  const own = collectorEnabled(collector);
  if (configuration.origin(own).source !== "default") return configuration.value(own);
  return collectorToggles
    .filter((toggle) => toggle.collectors.includes(collector))
    .every((toggle) => configuration.value(toggle) !== false);
}
