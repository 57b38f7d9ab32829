/** `spectra agent` */
import { type CommandDefinition, validateSwitch } from "../command.ts";
import { allCollectors } from "../configuration/load.ts";
import { agentOptions } from "../configuration/options.ts";
import { exitCodes } from "../exit_codes.ts";
import { makeDataDirectory, runUntilStopped } from "../running.ts";
import { reportValid } from "./config.ts";

/** Measures this machine and reports to a server. */
export const agentCommand: CommandDefinition = {
  name: "agent",
  summary: "Measure this machine and report to a server",
  description:
    "Measures this machine and reports to a server, until Ctrl-C or SIGTERM. SIGHUP reads the configuration again.",
  roles: ["agent"],
  switches: [validateSwitch],
  examples: [
    {
      arguments: "agent --server https://spectra.example.org --token-file enrollment-token",
      purpose: "register with a server and report to it",
    },
    { arguments: "agent --config /etc/spectra/agent.yaml", purpose: "with a configuration file" },
    { arguments: "agent --validate-config --config agent.yaml", purpose: "check the file first" },
  ],
  async run(invocation) {
    const collectors = await allCollectors();
    if (invocation.switches.has("validate-config")) {
      const configuration = await invocation.loadConfiguration();
      agentOptions(configuration, collectors);
      reportValid(invocation, configuration.warnings);
      return exitCodes.ok;
    }
    return await runUntilStopped(invocation, async (configuration) => {
      const options = agentOptions(configuration, collectors);
      await makeDataDirectory(options.dataDirectory);
      const { startAgent } = await import("../../agent/runtime.ts");
      const agent = startAgent(options);
      return {
        reload: (next) => agent.reload(agentOptions(next, collectors)),
        stop: () => agent.stop(),
        done: agent.done,
      };
    });
  },
};
