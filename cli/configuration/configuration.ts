/**
 * The configuration in effect: flags over environment over file over defaults.
 *
 * Everything that the file says is checked, whether or not something overrides it, and all problems are told at once.
 */
import { CommandError, exitCodes } from "../exit_codes.ts";
import { didYouMean, nearest } from "../suggest.ts";
import type { Kind } from "./kinds.ts";
import { describeProblem, type Origin, type Problem } from "./problem.ts";
import { withoutSecrets } from "./secrets.ts";
import { environmentNames, hasDefault, type Role, type Setting, type SettingWithDefault } from "./setting.ts";
import type { FileEntry, YamlFile } from "./yaml_file.ts";

/** What was given, by source. */
export interface Sources {
  /** Text of each flag given, by the key of its setting. */
  readonly flags: ReadonlyMap<string, string>;
  readonly environment: ReadonlyMap<string, string>;
  readonly file?: YamlFile;
}

/** Every setting there is, and the collectors that have settings of their own. */
export interface SettingTable {
  readonly settings: readonly Setting<unknown>[];
  readonly collectors: readonly string[];
}

/** The values in effect. */
export interface Configuration {
  value<T>(setting: SettingWithDefault<T>): T;
  value<T>(setting: Setting<T>): T | undefined;
  /** Where the value in effect comes from. */
  origin(setting: Setting<unknown>): Origin;
  /** Harmless, but probably not what was meant. */
  readonly warnings: readonly string[];
}

/** A configuration that can't be used. */
export class ConfigurationError extends CommandError {
  constructor(readonly problems: readonly Problem[]) {
    const onlyFlags = problems.every(({ origin }) => origin.source === "flag");
    super(onlyFlags ? exitCodes.usage : exitCodes.configuration, problems.map(describeProblem).join("; "));
  }
}

/** Something written for a setting, not yet read. */
type Given = { readonly origin: Origin } & ({ readonly text: string } | { readonly yaml: unknown });

/**
 * Puts the sources together for a process that has these roles: of the environment only the variables of its settings count.
 *
 * @throws {ConfigurationError} With everything that is wrong.
 */
export function resolveConfiguration(
  table: SettingTable,
  roles: readonly Role[],
  sources: Sources,
): Configuration {
  const problems: Problem[] = [];
  const fromFile = matchFile(table, sources.file, problems);
  const effective = new Map<string, Given>();
  for (const setting of table.settings) {
    if (!setting.roles.some((role) => roles.includes(role))) continue;
    const given = fromFlag(setting, sources) ?? fromEnvironment(environmentNames(setting), sources) ??
      fromFile.get(setting.key) ?? fromEnvironment([setting.fallbackEnvironment ?? ""], sources);
    if (given === undefined) continue;
    effective.set(setting.key, given);
    if (given !== fromFile.get(setting.key)) problems.push(...problemsOf(setting, given));
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  function value<T>(setting: SettingWithDefault<T>): T;
  function value<T>(setting: Setting<T>): T | undefined;
  function value<T>(setting: Setting<T>) {
    const given = effective.get(setting.key);
    if (given !== undefined) return read(setting.kind, given);
    return hasDefault(setting) ? setting.default.value() : undefined;
  }
  return {
    value,
    origin: (setting) => effective.get(setting.key)?.origin ?? { source: "default" },
    warnings: unknownVariables(table, sources.environment),
  };
}

function read<T>(kind: Kind<T>, given: Given): T | undefined {
  return "text" in given ? kind.fromText(given.text) : kind.fromYaml(given.yaml);
}

function fromFlag(setting: Setting<unknown>, { flags }: Sources): Given | undefined {
  const text = flags.get(setting.key);
  return text === undefined ? undefined : { text, origin: { source: "flag", name: flagName(setting) } };
}

/** `--listen` of `--listen <host:port>`. */
function flagName(setting: Setting<unknown>): string {
  return setting.flag?.split(" ")[0] ?? setting.key;
}

// An empty variable counts as absent: compose files and units write `NAME=` for "not set".
function fromEnvironment(names: readonly string[], { environment }: Sources): Given | undefined {
  const name = names.find((name) => (environment.get(name) ?? "") !== "");
  const text = name === undefined ? undefined : environment.get(name);
  return name === undefined || text === undefined
    ? undefined
    : { text, origin: { source: "environment", name } };
}

function problemsOf(setting: Setting<unknown>, given: Given, name?: string): Problem[] {
  const { origin } = given;
  const about = name === undefined ? "" : `${name}: `;
  const value = read(setting.kind, given);
  if (value === undefined) {
    const shown = setting.secret
      ? "this value"
      : quote("text" in given ? given.text : withoutSecrets(given.yaml));
    const complaint = "yaml" in given ? setting.kind.complaint?.(given.yaml) : undefined;
    const wrong = complaint ?? `must be ${setting.kind.allowed}`;
    return [{ origin, message: `${about}${shown} is not allowed: ${wrong}` }];
  }
  if (setting.missingFeature === undefined || value === setting.inert) return [];
  const remedy = setting.inert === undefined ? "remove it" : `remove it or set it to ${setting.inert}`;
  return [{
    origin,
    message: `${about}this version does not have ${setting.missingFeature} yet: ${remedy}`,
  }];
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** The file's entries by setting; what is wrong with any of them goes to `problems`. */
function matchFile(
  { settings, collectors }: SettingTable,
  file: YamlFile | undefined,
  problems: Problem[],
): Map<string, Given> {
  const byName = new Map<string, Setting<unknown>>();
  for (const setting of settings) {
    for (const name of [setting.key, ...setting.aliases ?? []]) byName.set(name, setting);
  }
  problems.push(...file?.problems ?? []);
  const found = new Map<string, Given>();
  const writtenAt = new Map<string, FileEntry>();
  for (const entry of file?.entries ?? []) {
    const setting = byName.get(entry.key);
    if (setting === undefined) {
      problems.push({ origin: entry.origin, message: unknownKey(entry.key, byName.keys(), collectors) });
      continue;
    }
    const before = writtenAt.get(setting.key);
    writtenAt.set(setting.key, entry);
    if (before !== undefined) {
      problems.push({ origin: entry.origin, message: duplicate(entry, before) });
    } else if (entry.value !== null) {
      const given: Given = { yaml: entry.value, origin: entry.valueOrigin };
      found.set(setting.key, given);
      problems.push(...problemsOf(setting, given, entry.key));
    }
  }
  return found;
}

function duplicate(entry: FileEntry, before: FileEntry): string {
  const line = before.origin.source === "file" ? ` on line ${before.origin.line}` : "";
  const same = entry.key === before.key
    ? `"${entry.key}"`
    : `"${entry.key}" means the same as "${before.key}" and`;
  return `${same} was already given${line}: keep one`;
}

function unknownKey(key: string, known: Iterable<string>, collectors: readonly string[]): string {
  const [head, collector, ...rest] = key.split(".");
  if (head !== "collectors" || collector === undefined) {
    return `unknown key "${key}"${didYouMean(key, known)}`;
  }
  if (!collectors.includes(collector)) {
    return `unknown collector "${collector}"${didYouMean(collector, collectors)}; there are ${
      collectors.join(", ")
    }`;
  }
  const name = rest.join(".");
  const prefix = `collectors.${collector}.`;
  const own = [...known].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return `unknown key "${name}" of the collector "${collector}"${didYouMean(name, own)}; there are ${
    own.join(", ")
  }`;
}

const prefix = "SPECTRA_";

/** Variables that look like a misspelt one of ours. Others are let be: Kubernetes, for one, sets `SPECTRA_…` for services. */
function unknownVariables(table: SettingTable, environment: ReadonlyMap<string, string>): string[] {
  const known = new Set(["SPECTRA_CONFIG", ...table.settings.flatMap(environmentNames)]);
  const ours = [...known].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return [...environment.keys()].filter((name) => name.startsWith(prefix) && !known.has(name)).flatMap(
    (name) => {
      const meant = nearest(name.slice(prefix.length), ours);
      return meant === undefined
        ? []
        : [`Environment variable ${name} means nothing: did you mean ${prefix}${meant}?`];
    },
  );
}
