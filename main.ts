/** `spectra`: everything in one program. */
import { processOutput } from "./cli/output.ts";
import { runProgram } from "./cli/program.ts";
import { fullProgram } from "./cli/registry.ts";

Deno.exit(await runProgram(fullProgram, Deno.args, processOutput()));
