/** `spectra server` */
import { join } from "node:path";
import { type CommandDefinition, validateSwitch } from "../command.ts";
import { serverOptions } from "../configuration/options.ts";
import { exitCodes } from "../exit_codes.ts";
import { makeDataDirectory, runUntilStopped } from "../running.ts";
import { startServerHere, warnOfRestart } from "../server_start.ts";
import { reportValid } from "./config.ts";

/** Receives, keeps and shows what agents report. */
export const serverCommand: CommandDefinition = {
  name: "server",
  summary: "Receive, keep and show what agents report",
  description:
    "Receives, keeps and shows what agents report, until Ctrl-C or SIGTERM. SIGHUP reads the configuration again.",
  roles: ["server"],
  switches: [validateSwitch],
  examples: [
    {
      arguments: "server --listen 127.0.0.1:8080 --data /var/lib/spectra",
      purpose: "for this machine or behind a proxy",
    },
    { arguments: "server --listen 0.0.0.0:8080", purpose: "for every machine that reaches this one" },
    { arguments: "server --allow-anonymous-agents", purpose: "agents of the first protocol, too" },
  ],
  async run(invocation) {
    const { output } = invocation;
    if (invocation.switches.has("validate-config")) {
      const { warnings } = await invocation.loadConfiguration();
      reportValid(invocation, warnings);
      return exitCodes.ok;
    }
    return await runUntilStopped(invocation, async (configuration) => {
      const options = serverOptions(configuration);
      await makeDataDirectory(options.dataDirectory);
      const server = await startServerHere(options);
      output.line({ text: "Listening on ", style: "bold" }, server.url);
      output.line(`Data: ${options.dataDirectory}`);
      output.line(`Sign in with the token in ${server.adminTokenPath}`);
      // Not where it would be kept: a service's output is a log.
      if (output.terminal) output.line(`or once, within ten minutes, at ${server.loginUrl()}`);
      output.line(`Agents register with the token in ${join(options.tokenDirectory, "enrollment-token")}`);
      return {
        reload: (next) => Promise.resolve(warnOfRestart(options, next)),
        stop: () => server.close(),
        done: server.failed,
      };
    });
  },
};
