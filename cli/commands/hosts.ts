/** `spectra hosts` */
import * as z from "zod/mini";
import { hostListSchema, type HostSummary } from "../../protocol/api.ts";
import { firstIssue } from "../../protocol/issue.ts";
import { limits } from "../../protocol/limits.ts";
import { problemSchema } from "../../protocol/problem.ts";
import { parseJson, readAtMost } from "../../transport/codec.ts";
import { type CommandDefinition, jsonSwitch } from "../command.ts";
import { adminTokenPath } from "../configuration/options.ts";
import { server } from "../configuration/settings.ts";
import { CommandError, exitCodes } from "../exit_codes.ts";
import type { Output, Style } from "../output.ts";
import { formatAge, formatValue } from "../units.ts";

const defaultServer = "http://127.0.0.1:8080";

/** How long the server may take to answer. */
const answerMs = 10_000;

/** Lists the hosts that a server knows. */
export const hostsCommand: CommandDefinition = {
  name: "hosts",
  summary: "List the hosts that a server knows",
  description: `Asks the server (${defaultServer} unless given) with its admin token.`,
  roles: ["hosts"],
  switches: [jsonSwitch],
  examples: [
    { arguments: "hosts", purpose: "the hosts of the server on this machine" },
    {
      arguments: "hosts --server https://spectra.example.org --token-file admin-token",
      purpose: "of another one",
    },
    { arguments: "hosts --json", purpose: "the same for a script" },
  ],
  async run({ output, switches, loadConfiguration }) {
    const configuration = await loadConfiguration();
    const url = configuration.value(server) ?? defaultServer;
    const tokenFile = adminTokenPath(configuration);
    const list = await fetchHosts(url, await readToken(tokenFile), tokenFile);
    if (switches.has("json")) output.json(list.hosts);
    else writeHosts(output, list.hosts, Date.parse(list.server_time));
    return exitCodes.ok;
  },
};

async function readToken(file: string): Promise<string> {
  try {
    return (await Deno.readTextFile(file)).trim();
  } catch (cause) {
    const exitCode = cause instanceof Deno.errors.PermissionDenied
      ? exitCodes.notPermitted
      : exitCodes.configuration;
    throw new CommandError(
      exitCode,
      `Cannot read the admin token ${file}`,
      {
        cause,
        remedy: "The server writes it on its first start; name it with --token-file FILE or --data DIR",
      },
    );
  }
}

async function fetchHosts(
  url: string,
  token: string,
  tokenFile: string,
): Promise<z.infer<typeof hostListSchema>> {
  const { status, bytes } = await fetchBounded(`${url}/api/v1/hosts`, token);
  if (status === 401 || status === 403) {
    throw new CommandError(exitCodes.notPermitted, `${url} does not accept the admin token of ${tokenFile}`);
  }
  if (status !== 200) {
    throw new CommandError(exitCodes.unavailable, `${url} answered ${status}${problemDetail(bytes)}`);
  }
  try {
    const parsed = hostListSchema.safeParse(parseJson(bytes));
    if (parsed.success) return parsed.data;
    throw new Error(firstIssue(parsed.error));
  } catch (cause) {
    throw new CommandError(exitCodes.unavailable, `${url} did not answer as a Spectra server does`, {
      cause,
    });
  }
}

async function fetchBounded(address: string, token: string): Promise<{ status: number; bytes: Uint8Array }> {
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      // The token is for this server only.
      redirect: "error",
      signal: AbortSignal.timeout(answerMs),
    });
    const bytes = response.body === null
      ? new Uint8Array()
      : await readAtMost(response.body, limits.decompressedBytes);
    return { status: response.status, bytes };
  } catch (cause) {
    throw new CommandError(
      exitCodes.unavailable,
      `Cannot reach ${address}`,
      { cause, remedy: "Is the server running there? Name another one with --server URL" },
    );
  }
}

/** What a problem body says; nothing when it is something else. */
function problemDetail(bytes: Uint8Array): string {
  try {
    const problem = problemSchema.safeParse(parseJson(bytes));
    return problem.success ? `: ${problem.data.detail}` : "";
  } catch {
    return ""; // Not JSON: whatever answered (a proxy, perhaps) is named by its address and its status.
  }
}

const statusStyles: Readonly<Record<HostSummary["status"], Style>> = {
  online: "green",
  late: "yellow",
  offline: "red",
  waiting: "dim",
};

function writeHosts(output: Output, hosts: readonly HostSummary[], nowMs: number): void {
  if (hosts.length === 0) {
    output.line("No hosts yet: start an agent with spectra agent --server URL --token-file FILE");
    return;
  }
  const percent = (value: number | undefined) => value === undefined ? "" : formatValue(value, "%");
  const rate = (value: number | undefined) => value === undefined ? "" : formatValue(value, "bit/s");
  output.table(
    [
      { title: "HOST" },
      { title: "STATUS" },
      { title: "CPU", align: "right" },
      { title: "MEMORY", align: "right" },
      { title: "DISK", align: "right" },
      { title: "RECEIVED", align: "right" },
      { title: "SENT", align: "right" },
      { title: "UPTIME", align: "right" },
      { title: "AGENT" },
      { title: "LAST SEEN" },
    ],
    hosts.map(({ hostname, status, figures, info, last_seen: lastSeen }) => [
      { text: hostname, style: "bold" },
      { text: status, style: statusStyles[status] },
      percent(figures.cpu_percent),
      percent(figures.memory_percent),
      percent(figures.disk_percent),
      rate(figures.network_receive_bps),
      rate(figures.network_transmit_bps),
      figures.uptime_seconds === undefined ? "" : formatAge(figures.uptime_seconds),
      info.agent_version ?? "",
      lastSeen === undefined ? "never" : `${formatAge((nowMs - Date.parse(lastSeen)) / 1000)} ago`,
    ]),
  );
}
