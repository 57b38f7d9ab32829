/** Commands of the agent-only executable. Nothing in here may reach the server's modules. */
import type { CommandDefinition } from "./command.ts";
import { agentCommand } from "./commands/agent.ts";
import { collectCommand } from "./commands/collect.ts";
import { configCommand } from "./commands/config.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { versionCommand } from "./commands/version.ts";
import type { ProgramDefinition } from "./program.ts";

/** In the order that `--help` lists them. */
export const agentCommands: readonly CommandDefinition[] = [
  agentCommand,
  collectCommand,
  doctorCommand,
  configCommand,
  versionCommand,
];

/** `spectra-agent`. */
export const agentProgram: ProgramDefinition = {
  name: "spectra-agent",
  summary: "Measures this machine and reports to a Spectra server",
  commands: agentCommands,
  validate: configCommand,
};
