/** `spectra-agent`: the agent alone, without server and dashboard. */
import { agentProgram } from "../cli/agent_registry.ts";
import { processOutput } from "../cli/output.ts";
import { runProgram } from "../cli/program.ts";

Deno.exit(await runProgram(agentProgram, Deno.args, processOutput()));
