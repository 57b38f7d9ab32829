/** `spectra config validate|show` */
import { type CommandDefinition, type Invocation, jsonSwitch } from "../command.ts";
import { type Configuration, ConfigurationError } from "../configuration/configuration.ts";
import { collectorToggles } from "../configuration/foreign_settings.ts";
import { formatAddress, listenAddress } from "../configuration/kinds.ts";
import { allCollectors, settingTable } from "../configuration/load.ts";
import { describeOrigin, describeProblem } from "../configuration/problem.ts";
import { redacted, withoutSecrets } from "../configuration/secrets.ts";
import { hasDefault, roles, type Setting } from "../configuration/setting.ts";
import { listen, metricsListen } from "../configuration/settings.ts";
import { type ExitCode, exitCodes } from "../exit_codes.ts";

const actions = ["validate", "show"] as const;

/** Checks the configuration, or shows what is in effect. */
export const configCommand: CommandDefinition = {
  name: "config",
  summary: "Check the configuration, or show what is in effect and why",
  description: "Reads flags, environment and file as the other commands do, for all of them together.",
  argument: {
    notation: "<action>",
    help:
      "validate: exit 0 when it is valid, 78 when not. show: every setting, its value and where it comes from.",
    choices: actions,
  },
  roles,
  decides: settingTable([]).settings,
  switches: [jsonSwitch],
  examples: [
    { arguments: "config validate --config spectra.yaml", purpose: "check a file before it is used" },
    { arguments: "config show", purpose: "what is in effect, and why" },
    { arguments: "config show --json", purpose: "the same for a script" },
  ],
  run: (invocation) => invocation.arguments[0] === "show" ? show(invocation) : validate(invocation),
};

async function validate(invocation: Invocation): Promise<ExitCode> {
  const { output, switches } = invocation;
  const json = switches.has("json");
  try {
    const { warnings } = await invocation.loadConfiguration();
    if (json) output.json({ valid: true, problems: [], warnings });
    else reportValid(invocation, warnings);
    return exitCodes.ok;
  } catch (error) {
    if (!json || !(error instanceof ConfigurationError)) throw error;
    const problems = error.problems.map((problem) => ({ ...problem.origin, message: problem.message }));
    output.json({ valid: false, problems, warnings: [] });
    for (const problem of error.problems.slice(0, 1)) output.complain(describeProblem(problem));
    return error.exitCode;
  }
}

/** Says that the configuration can be used, and what in it looks odd. */
export function reportValid({ output, configurationFile }: Invocation, warnings: readonly string[]): void {
  for (const warning of warnings) output.complain({ text: "warning: ", style: "yellow" }, warning);
  const sources = configurationFile === undefined
    ? "environment and defaults"
    : `${configurationFile} and environment`;
  output.line("The configuration is valid", { text: ` (${sources})`, style: "dim" });
}

async function show({ output, switches, loadConfiguration }: Invocation): Promise<ExitCode> {
  const configuration = await loadConfiguration();
  const rows = settingTable(await allCollectors()).settings
    .filter((setting) => isShown(configuration, setting))
    .map((setting) => ({ setting, ...shownValue(configuration, setting) }));
  if (switches.has("json")) {
    output.json(rows.map(({ setting, value, origin }) => ({ key: setting.key, value, origin })));
    return exitCodes.ok;
  }
  output.table(
    [{ title: "SETTING" }, { title: "VALUE" }, { title: "FROM" }],
    rows.map(({ setting, value, origin }) => [
      setting.key,
      value === null
        ? { text: "not set", style: "dim" }
        : { text: typeof value === "string" ? value : JSON.stringify(value), style: "bold" },
      { text: origin, style: "dim" },
    ]),
  );
  return exitCodes.ok;
}

/** Ours always; those of other agents where they are used. */
function isShown(configuration: Configuration, setting: Setting<unknown>): boolean {
  const foreign = setting.missingFeature !== undefined ||
    collectorToggles.some(({ key }) => key === setting.key);
  return !foreign || configuration.origin(setting).source !== "default";
}

/** `value` is `null` where there is none. */
function shownValue(
  configuration: Configuration,
  setting: Setting<unknown>,
): { value: unknown; origin: string } {
  const found = configuration.origin(setting);
  const value = configuration.value(setting);
  const isSet = found.source !== "default" || hasDefault(setting);
  const origin = isSet ? describeOrigin(found) : "";
  if (setting.secret && isSet) return { value: redacted, origin };
  if (setting.kind === listenAddress) {
    const address = [listen, metricsListen].find(({ key }) => key === setting.key);
    const given = address === undefined ? undefined : configuration.value(address);
    return { value: given === undefined ? null : formatAddress(given), origin };
  }
  return { value: value === undefined ? null : withoutSecrets(value), origin };
}
