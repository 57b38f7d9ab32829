/** Reads the configuration of a process: its flags, its environment and the file that they name. */
import type { CollectorDefinition } from "../../collectors/collector.ts";
import { collectorSettingTable, type ConfigurableCollector } from "./collector_settings.ts";
import { type Configuration, resolveConfiguration, type SettingTable } from "./configuration.ts";
import { collectorToggles, missingSettings } from "./foreign_settings.ts";
import type { Role } from "./setting.ts";
import { settings } from "./settings.ts";

/** What is loaded. */
export interface ConfigurationRequest {
  readonly roles: readonly Role[];
  /** Text of each flag given, by the key of its setting. */
  readonly flags: ReadonlyMap<string, string>;
  /** `--config`; else `SPECTRA_CONFIG` names the file, if any. */
  readonly file?: string;
}

/**
 * The configuration in effect.
 *
 * @throws {CommandError} When the file can't be read.
 * @throws {ConfigurationError} With everything that is wrong.
 */
export async function loadConfiguration(request: ConfigurationRequest): Promise<Configuration> {
  const environment = processEnvironment();
  const file = configurationFile(request, environment);
  const usesCollectors = file !== undefined ||
    request.roles.some((role) => role === "agent" || role === "collect");
  const table = settingTable(usesCollectors ? await allCollectors() : []);
  if (file === undefined) {
    return resolveConfiguration(table, request.roles, { flags: request.flags, environment });
  }
  // The YAML parser costs an agent without a file several MB.
  const { readYamlFile } = await import("./yaml_file.ts");
  return resolveConfiguration(table, request.roles, {
    flags: request.flags,
    environment,
    file: await readYamlFile(file, isSection),
  });
}

/** The file that is used: the flag's, else the environment's. */
export function configurationFile(
  request: Pick<ConfigurationRequest, "file">,
  environment: ReadonlyMap<string, string> = processEnvironment(),
): string | undefined {
  return request.file ?? (environment.get("SPECTRA_CONFIG") || undefined);
}

/** All settings, with those of every collector. */
export function settingTable(collectors: readonly ConfigurableCollector[]): SettingTable {
  return {
    settings: [...settings, ...collectorSettingTable(collectors), ...collectorToggles, ...missingSettings],
    collectors: collectors.map(({ name }) => name),
  };
}

/** All collectors, in the registry's order. */
export async function allCollectors(): Promise<readonly CollectorDefinition[]> {
  const { collectorDefinitions } = await import("../../collectors/mod.ts");
  return collectorDefinitions;
}

/** Keys of a file that hold further keys. */
export function isSection(key: string): boolean {
  return /^collectors(\.[^.]+)?$/.test(key);
}

function processEnvironment(): ReadonlyMap<string, string> {
  const environment = new Map<string, string>();
  for (const [name, value] of Object.entries(Deno.env.toObject())) {
    environment.set(Deno.build.os === "windows" ? name.toUpperCase() : name, value);
  }
  // Shells and container runtimes set it to the machine's own name: that configures nothing.
  if (environment.get("HOSTNAME") === Deno.hostname()) environment.delete("HOSTNAME");
  return environment;
}
