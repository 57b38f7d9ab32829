/** The settings of each collector, from the registry: `collectors.<name>.<key>`. */
import * as z from "zod/mini";
import type { CollectorDefinition } from "../../collectors/collector.ts";
import type { CollectorSettings } from "../../agent/options.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { CommandError, exitCodes } from "../exit_codes.ts";
import type { Configuration } from "./configuration.ts";
import * as kinds from "./kinds.ts";
import { schemaKind } from "./schema_kind.ts";
import { isSecretName } from "./secrets.ts";
import { always, type Setting, type SettingWithDefault } from "./setting.ts";

/** What of a collector is asked here. */
export type ConfigurableCollector = Pick<CollectorDefinition, "name" | "settings">;

/** Whether a collector runs. */
export function collectorEnabled(collector: string): SettingWithDefault<boolean> {
  return {
    key: `collectors.${collector}.enabled`,
    kind: kinds.boolean,
    help: `Run the collector "${collector}".`,
    roles: ["agent"],
    default: always(true),
  };
}

/** How often a collector runs. */
export function collectorInterval(collector: string): Setting<number> {
  return {
    key: `collectors.${collector}.interval_seconds`,
    kind: kinds.seconds(1, 86_400),
    help: `How often the collector "${collector}" runs.`,
    roles: ["agent"],
  };
}

/** A collector's own settings, by the key below its section. */
export function ownSettings(
  { name, settings }: ConfigurableCollector,
): ReadonlyMap<string, Setting<unknown>> {
  if (settings === undefined) return new Map();
  const defaults = z.parse(settings, {});
  return new Map(
    Object.entries(settings.shape).map(([key, schema]) => {
      const value = defaults[key];
      const setting: Setting<unknown> = {
        key: `collectors.${name}.${key}`,
        kind: schemaKind(schema),
        help: descriptionOf(schema),
        roles: ["agent", "collect"],
        secret: isSecretName(key),
        ...value === undefined ? {} : { default: { value: () => value, text: textOf(value) } },
      };
      return [key, setting];
    }),
  );
}

/** `z.describe` of a schema or of what it wraps. */
function descriptionOf(schema: z.core.$ZodType): string {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const { def } = schema._zod;
  return "innerType" in def && def.innerType instanceof z.core.$ZodType ? descriptionOf(def.innerType) : "";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** All settings of these collectors. */
export function collectorSettingTable(collectors: readonly ConfigurableCollector[]): Setting<unknown>[] {
  return collectors.flatMap((collector) => [
    collectorEnabled(collector.name),
    collectorInterval(collector.name),
    ...ownSettings(collector).values(),
  ]);
}

/**
 * What is configured for each collector, as it was written.
 *
 * @throws {CommandError} When values that are allowed each for itself do not go together.
 */
export function configuredSettings(
  configuration: Configuration,
  collectors: readonly ConfigurableCollector[],
): CollectorSettings {
  const found: Record<string, Record<string, unknown>> = {};
  for (const collector of collectors) {
    const own: Record<string, unknown> = {};
    for (const [key, setting] of ownSettings(collector)) {
      if (configuration.origin(setting).source !== "default") own[key] = configuration.value(setting);
    }
    if (collector.settings === undefined || Object.keys(own).length === 0) continue;
    const { error } = z.safeParse(collector.settings, own);
    if (error !== undefined) {
      const message = `collectors.${collector.name}: ${firstIssue(error)}`;
      throw new CommandError(exitCodes.configuration, message);
    }
    found[collector.name] = own;
  }
  return found;
}
