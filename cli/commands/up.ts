/** `spectra up` */
import { join } from "node:path";
import { version } from "../../lib/version.ts";
import { type CommandDefinition, validateSwitch } from "../command.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { allCollectors } from "../configuration/load.ts";
import { agentOptions, type AgentPlacement, serverOptions } from "../configuration/options.ts";
import * as settings from "../configuration/settings.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { makeDataDirectory, runUntilStopped } from "../running.ts";
import { startServerHere, warnOfRestart } from "../server_start.ts";
import { reportValid } from "./config.ts";

/** Server and agent for this machine, in one process. */
export const upCommand: CommandDefinition = {
  name: "up",
  summary: "Run server and agent for this machine: the quickest way to a live graph",
  description:
    "Runs server and agent for this machine until Ctrl-C or SIGTERM. Starting it again continues with the same data.",
  roles: ["server", "agent"],
  decides: [settings.server, settings.tokenFile],
  switches: [validateSwitch],
  examples: [
    { arguments: "up", purpose: "this machine, live at http://127.0.0.1:8080" },
    { arguments: "up --listen 127.0.0.1:9000 --data ./spectra-data", purpose: "another port and place" },
  ],
  async run(invocation) {
    const collectors = await allCollectors();
    if (invocation.switches.has("validate-config")) {
      const { warnings } = await invocation.loadConfiguration();
      reportValid(invocation, warnings);
      return exitCodes.ok;
    }
    return await runUntilStopped(invocation, async (configuration) => {
      const data = configuration.value(settings.data);
      await makeDataDirectory(data);
      const options = serverOptions(configuration, {
        dataDirectory: join(data, "server"),
        tokenDirectory: data,
      });
      const server = await startServerHere(options);
      try {
        const placement: AgentPlacement = {
          serverUrl: server.url,
          serverName: "local", // The same server on whatever port.
          dataDirectory: join(data, "agent"),
          tokenFile: server.enrollmentTokenPath,
        };
        const optionsOf = (from: Configuration) => agentOptions(from, collectors, placement);
        const { startAgent } = await import("../../agent/runtime.ts");
        const agent = startAgent(optionsOf(configuration));
        greet(invocation.output, server, data);
        return {
          async reload(next) {
            warnOfRestart(options, next);
            await agent.reload(optionsOf(next));
          },
          async stop() {
            // The agent first: what it still has to say, the server still takes.
            try {
              await agent.stop();
            } finally {
              await server.close();
            }
          },
          done: Promise.race([agent.done, server.failed]),
        };
      } catch (error) {
        await server.close();
        throw error;
      }
    });
  },
};

function greet(
  output: Output,
  server: { readonly url: string; readonly adminTokenPath: string; loginUrl(): string },
  data: string,
): void {
  output.line({ text: `Spectra ${version} is running`, style: "green" });
  output.table([{ title: "" }, { title: "" }, { title: "" }], [
    ["", "Dashboard", { text: server.url, style: "bold" }],
    ["", "Sign in", { text: server.loginUrl(), style: "bold" }],
    ["", "", { text: "works once, within ten minutes", style: "dim" }],
    ["", "Later", `sign in with the token in ${server.adminTokenPath}`],
    ["", "Data", data],
  ]);
  output.line("Ctrl-C stops it.");
}
