/** What a command is. `registry.ts` lists them; each is one file in `commands/`. */
import type { Configuration } from "./configuration/configuration.ts";
import type { Role, Setting } from "./configuration/setting.ts";
import type { ExitCode } from "./exit_codes.ts";
import type { Output } from "./output.ts";

/** A command being run. */
export interface Invocation {
  /** What stands behind the command's name, flags taken out. */
  readonly arguments: readonly string[];
  /** Which of the command's own switches were given, without their dashes. */
  readonly switches: ReadonlySet<string>;
  readonly output: Output;
  /** Reads flags, environment and file; again each time. */
  loadConfiguration(): Promise<Configuration>;
  /** The configuration file in use, if any. */
  readonly configurationFile: string | undefined;
}

/** A switch that is not a setting. */
export interface Switch {
  /** Without its dashes. */
  readonly name: string;
  readonly help: string;
}

/** One command. */
export interface CommandDefinition {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for the command's own help. */
  readonly description?: string;
  readonly argument?: {
    /** Commander's notation, e.g. `[type...]`. */
    readonly notation: string;
    readonly help: string;
    readonly choices?: readonly string[];
  };
  /** Whose settings it has as flags and reads from the environment. */
  readonly roles: readonly Role[];
  /** Settings of these roles that it decides itself. */
  readonly decides?: readonly Setting<unknown>[];
  readonly switches: readonly Switch[];
  /** What to type, and what for. */
  readonly examples: readonly { readonly arguments: string; readonly purpose: string }[];
  /** Heavy modules are imported in here, so that no command pays for another. */
  run(invocation: Invocation): Promise<ExitCode>;
}

/** For commands that list something. */
export const jsonSwitch: Switch = { name: "json", help: "Print JSON instead of text." };

/** For commands that keep running. */
export const validateSwitch: Switch = {
  name: "validate-config",
  help: "Check the configuration and exit: 0 when it is valid, 78 when not.",
};
