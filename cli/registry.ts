/** Every command there is, and the program that has them all. */
import { agentCommands } from "./agent_registry.ts";
import type { CommandDefinition } from "./command.ts";
import { configCommand } from "./commands/config.ts";
import { hostsCommand } from "./commands/hosts.ts";
import { serverCommand } from "./commands/server.ts";
import { upCommand } from "./commands/up.ts";
import type { ProgramDefinition } from "./program.ts";

/** In the order that `--help` lists them. */
export const commands: readonly CommandDefinition[] = [
  upCommand,
  serverCommand,
  ...agentCommands,
  hostsCommand,
];

/** `spectra`. */
export const fullProgram: ProgramDefinition = {
  name: "spectra",
  summary: "Know how your machines are, and find out why: agent, server and dashboard in one program",
  commands,
  validate: configCommand,
};
