/** `spectra version` */
import { version } from "../../lib/version.ts";
import { type CommandDefinition, jsonSwitch } from "../command.ts";
import { exitCodes } from "../exit_codes.ts";

/** Says which program this is, and on what it runs. */
export const versionCommand: CommandDefinition = {
  name: "version",
  summary: "Print the version and what it runs on",
  roles: [],
  switches: [jsonSwitch],
  examples: [
    { arguments: "version", purpose: "which version this is" },
    { arguments: "version --json", purpose: "the same for a script" },
  ],
  run({ output, switches }) {
    const { deno, v8 } = Deno.version;
    const { os, arch } = Deno.build;
    if (switches.has("json")) output.json({ version, deno, v8, os, arch });
    else output.line(`spectra ${version} (${os} ${arch}, Deno ${deno}, V8 ${v8})`);
    return Promise.resolve(exitCodes.ok);
  },
};
