/** `spectra doctor` */
import type { CollectorDefinition, Host } from "../../collectors/collector.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { configureLogging, errorChain } from "../../lib/log.ts";
import { type CommandDefinition, type Invocation, jsonSwitch } from "../command.ts";
import { collectorEnabled, configuredSettings } from "../configuration/collector_settings.ts";
import { type Configuration, ConfigurationError } from "../configuration/configuration.ts";
import { hostFsOptions } from "../configuration/options.ts";
import { describeProblem } from "../configuration/problem.ts";
import { data, logFormat, metricsListen, server } from "../configuration/settings.ts";
import { exitCodes } from "../exit_codes.ts";
import type { Output, Style } from "../output.ts";
import { formatAge } from "../units.ts";

/** How long the server may take to answer. */
const answerMs = 10_000;

/** Clocks further apart than this are said: charts of several hosts do not line up any more. */
const allowedSkewMs = 5_000;

const styles = {
  ok: "green",
  available: "green",
  unsupported: "dim",
  off: "dim",
  denied: "yellow",
  attention: "yellow",
  failed: "red",
  timeout: "red",
} as const satisfies Readonly<Record<string, Style>>;

/** How a subject is; all but the first four need attention. */
type Status = keyof typeof styles;

const well: readonly Status[] = ["ok", "available", "unsupported", "off"];

/** What was found out about one subject. */
export interface Finding {
  readonly subject: string;
  readonly status: Status;
  /** What is missing and how to grant it, or why all is well. */
  readonly detail: string;
}

/** Looks at everything that an agent on this host needs. */
export const doctorCommand: CommandDefinition = {
  name: "doctor",
  summary: "Say what an agent on this machine can see, what it lacks and how to grant it",
  description:
    "Reads every collector once and looks at configuration, data directory, server and clock. Exits 0 when all is well, 2 " +
    "when something needs attention.",
  roles: ["agent"],
  decides: [metricsListen],
  switches: [jsonSwitch],
  examples: [
    { arguments: "doctor", purpose: "what works on this machine, and what is missing" },
    { arguments: "doctor --config /etc/spectra/agent.yaml", purpose: "with the agent's configuration" },
    { arguments: "doctor --json", purpose: "the same for a script" },
  ],
  async run(invocation) {
    const findings = await examine(invocation);
    const isWell = findings.every(({ status }) => well.includes(status));
    if (invocation.switches.has("json")) invocation.output.json({ well: isWell, findings });
    else write(invocation.output, findings, isWell);
    return isWell ? exitCodes.ok : exitCodes.attention;
  },
};

async function examine(invocation: Invocation): Promise<Finding[]> {
  let configuration: Configuration;
  try {
    configuration = await invocation.loadConfiguration();
  } catch (error) {
    if (!(error instanceof ConfigurationError) || error.exitCode !== exitCodes.configuration) throw error;
    return error.problems.map((problem) => ({
      subject: "configuration",
      status: "attention",
      detail: describeProblem(problem),
    }));
  }
  // What a collector logs is told as its finding.
  await configureLogging("error", configuration.value(logFormat));
  const { warnings } = configuration;
  const { collectorDefinitions } = await import("../../collectors/mod.ts");
  return [
    ...warnings.map((detail): Finding => ({ subject: "configuration", status: "attention", detail })),
    ...warnings.length > 0 ? [] : [
      {
        subject: "configuration",
        status: "ok",
        detail: invocation.configurationFile ?? "environment and defaults",
      } as const,
    ],
    await examineDataDirectory(configuration.value(data)),
    ...await examineServer(configuration.value(server), systemClock),
    ...await examineCollectors(configuration, collectorDefinitions),
  ];
}

/** Whether an agent can keep its files there, and nobody else can read them. */
export async function examineDataDirectory(path: string): Promise<Finding> {
  const finding = (status: Status, detail: string): Finding => ({
    subject: "data directory",
    status,
    detail,
  });
  try {
    const { isDirectory, mode } = await Deno.stat(path);
    if (!isDirectory) {
      return finding("attention", `${path} is no directory: name another one with --data DIR`);
    }
    const probe = await Deno.makeTempFile({ dir: path, prefix: ".doctor-" });
    await Deno.remove(probe);
    const open = mode !== null && Deno.build.os !== "windows" && (mode & 0o077) !== 0;
    return open
      ? finding("attention", `Others than its owner may look into ${path}: chmod 700 ${path}`)
      : finding("ok", path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return finding("ok", `${path} is not there yet; the agent makes it when it starts`);
    }
    return finding(
      "attention",
      `Cannot write to ${path} (${errorChain(error)}): run as its owner, or name another with --data DIR`,
    );
  }
}

/** Whether the server answers, and how far its clock is from ours. */
export async function examineServer(url: string | undefined, clock: Clock): Promise<Finding[]> {
  if (url === undefined) {
    return [{ subject: "server", status: "off", detail: "none is configured (--server URL)" }];
  }
  const attention = (detail: string): Finding[] => [{ subject: "server", status: "attention", detail }];
  const startedMs = clock.now();
  let response: Response;
  try {
    response = await fetch(`${url}/readyz`, { redirect: "manual", signal: AbortSignal.timeout(answerMs) });
    await response.body?.cancel();
  } catch (error) {
    return attention(
      `Cannot reach ${url} (${errorChain(error)}): check the address, the firewall and that it is running`,
    );
  }
  if (response.status !== 200) {
    return attention(
      `${url} answered ${response.status}: it is no Spectra server, or it is not ready (see its log)`,
    );
  }
  const middleMs = (startedMs + clock.now()) / 2;
  return [
    { subject: "server", status: "ok", detail: url },
    ...clockFinding(response.headers.get("date"), middleMs),
  ];
}

/** `Date` has whole seconds, so the server's moment lies half a second behind it on average. */
function clockFinding(date: string | null, nowMs: number): Finding[] {
  const serverMs = Date.parse(date ?? "") + 500;
  if (Number.isNaN(serverMs)) return [];
  const skewMs = nowMs - serverMs;
  const subject = "clock";
  if (Math.abs(skewMs) <= allowedSkewMs) {
    return [{ subject, status: "ok", detail: "agrees with the server's" }];
  }
  const apart = formatAge(Math.abs(skewMs) / 1000);
  return [{
    subject,
    status: "attention",
    detail: `${apart} ${
      skewMs > 0 ? "ahead of" : "behind"
    } the server's: set both by NTP (timedatectl set-ntp true)`,
  }];
}

/** One reading of every collector. */
async function examineCollectors(
  configuration: Configuration,
  definitions: readonly CollectorDefinition[],
): Promise<Finding[]> {
  const { hostFs } = await import("../../lib/host_fs.ts");
  const host: Host = { os: Deno.build.os, fs: hostFs(hostFsOptions(configuration)), clock: systemClock };
  const settings = configuredSettings(configuration, definitions);
  return await Promise.all(definitions.map(async (definition): Promise<Finding> => {
    if (!configuration.value(collectorEnabled(definition.name))) {
      return { subject: definition.name, status: "off", detail: "switched off in the configuration" };
    }
    return await examineCollector(definition, host, settings[definition.name]);
  }));
}

/** Whether a collector has what it needs, by one reading. */
export async function examineCollector(
  definition: CollectorDefinition,
  host: Host,
  settings?: Readonly<Record<string, unknown>>,
): Promise<Finding> {
  const { sharedReading } = await import("../../agent/shared_reading.ts");
  const subject = definition.name;
  const reading = sharedReading(definition, host, 0, settings);
  const { outcome, detail } = await reading.read();
  reading.close();
  return outcome === "ok"
    ? { subject, status: "available", detail: definition.summary }
    : { subject, status: outcome, detail: detail ?? "" };
}

function write(output: Output, findings: readonly Finding[], isWell: boolean): void {
  output.table(
    [{ title: "SUBJECT" }, { title: "STATUS" }, { title: "" }],
    findings.map(({ subject, status, detail }) => [
      { text: subject, style: "bold" },
      { text: status, style: styles[status] },
      detail,
    ]),
  );
  output.line(
    isWell
      ? { text: "All is well", style: "green" }
      : { text: "Something needs attention: see its status above", style: "yellow" },
  );
}
