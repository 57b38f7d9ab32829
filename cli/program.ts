/** The command line: made from a list of commands, parsed by commander, failures turned into one line and an exit code. */
import { Argument, Command, CommanderError, Option } from "commander";
import { errorChain } from "../lib/log.ts";
import { version } from "../lib/version.ts";
import type { CommandDefinition, Invocation } from "./command.ts";
import { ConfigurationError } from "./configuration/configuration.ts";
import { configurationFile, loadConfiguration, settingTable } from "./configuration/load.ts";
import { describeProblem } from "./configuration/problem.ts";
import { hasDefault, type Setting } from "./configuration/setting.ts";
import { logFormat, logLevel } from "./configuration/settings.ts";
import { CommandError, type ExitCode, exitCodeOf, exitCodes } from "./exit_codes.ts";
import { type Output, OutputClosedError } from "./output.ts";
import { didYouMean } from "./suggest.ts";

/** A program: its name and its commands, the one for `--validate-config` among them. */
export interface ProgramDefinition {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandDefinition[];
  /** Runs for `--validate-config` without a command. */
  readonly validate: CommandDefinition;
}

/** Most problems that are told at once. */
const maxProblems = 50;

/** Runs the program on the arguments of the process; the exit code is what remains to be done. */
export async function runProgram(
  definition: ProgramDefinition,
  args: readonly string[],
  output: Output,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = buildProgram(definition, output, (code) => exitCode = code);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof OutputClosedError) return exitCodes.ok;
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    complain(definition.name, error, output, wantsDebug(args));
    return exitCodeOf(error);
  }
}

/** The commander program; `finished` takes the exit code of the command that ran. */
function buildProgram(
  definition: ProgramDefinition,
  output: Output,
  finished: (exitCode: ExitCode) => void,
): Command {
  const program = new Command(definition.name)
    .description(definition.summary)
    .version(`${definition.name} ${version}`, "--version", "Print the version.")
    .helpOption("-h, --help", "Print help.")
    .helpCommand("help [command]", "Print help for a command.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.verbatim(text),
      writeErr: (text) => output.complain(text.trim()),
      outputError: (text) => complainOfUsage(definition.name, text, output),
      getOutHelpWidth: () => output.width,
    })
    .addOption(
      new Option(
        "--validate-config",
        "Check the whole configuration and exit: 0 when it is valid, 78 when not.",
      ),
    );
  addGlobalOptions(program);
  // Without a command: the arguments, if any, are the name of one that there is not.
  program.allowExcessArguments().action(async () => {
    const [unknown] = program.args;
    if (unknown !== undefined) throw unknownCommand(unknown, definition);
    if (!program.opts()["validateConfig"]) return program.outputHelp();
    finished(await definition.validate.run(invocationOf(definition.validate, program, ["validate"], output)));
  });
  for (const command of definition.commands) {
    addCommand(program, command, output, finished);
  }
  program.addHelpText(
    "after",
    examplesText(definition.name, definition.commands.flatMap((command) => command.examples.slice(0, 1))),
  );
  return program;
}

function unknownCommand(name: string, { commands }: ProgramDefinition): CommandError {
  const names = commands.map((command) => command.name);
  return new CommandError(exitCodes.usage, `There is no command "${name}"${didYouMean(name, names)}`, {
    remedy: `There are ${names.join(", ")}`,
  });
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  output: Output,
  finished: (exitCode: ExitCode) => void,
): void {
  const command = program.command(definition.name)
    .summary(definition.summary)
    .description(definition.description ?? definition.summary)
    .helpOption("-h, --help", "Print help.")
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text) => complainOfUsage(`${program.name()} ${definition.name}`, text, output),
    });
  if (definition.argument !== undefined) {
    const argument = new Argument(definition.argument.notation, definition.argument.help);
    command.addArgument(
      definition.argument.choices === undefined ? argument : argument.choices(definition.argument.choices),
    );
  }
  for (const { name, help } of definition.switches) command.addOption(new Option(`--${name}`, help));
  for (const setting of flagSettings(definition)) {
    if (setting.flag !== undefined) command.addOption(new Option(setting.flag, flagHelp(setting)));
  }
  addGlobalOptions(command);
  command.addHelpText("after", examplesText(program.name(), definition.examples));
  command.action(async () => {
    finished(await definition.run(invocationOf(definition, command, command.processedArgs.flat(), output)));
  });
}

/** Options that stand before or behind the command's name. */
function addGlobalOptions(command: Command): void {
  command.addOption(new Option("--config <file>", "Read settings from this YAML file. (SPECTRA_CONFIG)"));
  for (const setting of [logLevel, logFormat]) {
    command.addOption(new Option(setting.flag ?? "", flagHelp(setting)));
  }
  command.addOption(new Option("--debug", "Log everything, and say where in the program an error arose."));
}

/** Settings that a command has as flags, the global ones left out. */
export function flagSettings(definition: CommandDefinition): readonly Setting<unknown>[] {
  return settingTable([]).settings.filter((setting) =>
    setting.flag !== undefined && setting !== logLevel && setting !== logFormat &&
    setting.roles.some((role) => definition.roles.includes(role)) && !definition.decides?.includes(setting)
  );
}

function flagHelp(setting: Setting<unknown>): string {
  const isSwitch = !setting.flag?.includes("<");
  return hasDefault(setting) && !isSwitch
    ? `${setting.help} (default: ${setting.default.text})`
    : setting.help;
}

function examplesText(program: string, examples: CommandDefinition["examples"]): string {
  const lines = examples.map((example) => `  # ${example.purpose}\n  ${program} ${example.arguments}`);
  return `\nExamples:\n${lines.join("\n")}`;
}

function invocationOf(
  definition: CommandDefinition,
  command: Command,
  args: readonly unknown[],
  output: Output,
): Invocation {
  const options: Record<string, unknown> = command.optsWithGlobals();
  const given = (flag: string) => options[new Option(flag).attributeName()];
  const flags = new Map<string, string>();
  for (const setting of [...flagSettings(definition), logLevel, logFormat]) {
    const value = given(setting.flag ?? "");
    if (value !== undefined) flags.set(setting.key, String(value));
  }
  if (options["debug"] === true) flags.set(logLevel.key, "debug");
  const file = options["config"];
  const request = { roles: definition.roles, flags, ...typeof file === "string" ? { file } : {} };
  return {
    arguments: args.filter((argument) => typeof argument === "string"),
    switches: new Set(
      definition.switches.map(({ name }) => name).filter((name) => given(`--${name}`) === true),
    ),
    output,
    configurationFile: configurationFile(request),
    loadConfiguration: () => loadConfiguration(request),
  };
}

/** Writes commander's `error: unknown option '--x'\n(Did you mean --y?)` as one line that says where help is. */
function complainOfUsage(command: string, text: string, output: Output): void {
  const line = text.trim().replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ").replace(/\.$/, "");
  output.complain({ text: `${command}: `, style: "red" }, `${line}. See "${command} --help"`);
}

function complain(program: string, error: unknown, output: Output, debug: boolean): void {
  const lines = error instanceof ConfigurationError
    ? error.problems.map(describeProblem)
    : [sentenceOf(error)];
  for (const line of lines.slice(0, maxProblems)) {
    output.complain({ text: `${program}: `, style: "red" }, line);
  }
  if (lines.length > maxProblems) output.complain(`${program}: and ${lines.length - maxProblems} more`);
  if (exitCodeOf(error) === exitCodes.bug) {
    output.complain(`${program}: this is a fault of ${program}: please report it, with what --debug prints`);
  }
  if (debug && error instanceof Error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      for (const line of (at.stack ?? "").split("\n")) output.complain(line);
    }
  }
}

/** What failed, why, and what to do. */
function sentenceOf(error: unknown): string {
  const chain = errorChain(error);
  return error instanceof CommandError && error.remedy !== undefined ? `${chain}. ${error.remedy}` : chain;
}

/** Looked up directly: the error may be that the flags or the environment can't be understood. */
function wantsDebug(args: readonly string[]): boolean {
  return args.includes("--debug") || args.includes("--log-level=debug") ||
    args.join(" ").includes("--log-level debug") ||
    Deno.env.get("SPECTRA_LOG_LEVEL") === "debug";
}
