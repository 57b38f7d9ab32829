/** Reading the sources of the users' own metrics. Each rejects with a sentence when its source can't be read at all. */
import { readTextUpTo } from "../../lib/bounded_text.ts";
import type { Clock } from "../../lib/clock.ts";
import { runVendorCommand } from "../vendor_command.ts";
import { parseJsonSamples } from "./json_samples.ts";
import { parsePrometheusText } from "./prometheus_text.ts";
import type { SourceSamples } from "./sample_set.ts";
import type { MetricsCommand, Scrape } from "./settings.ts";

/** Most that is read of one file, answer or output. */
const maxBytes = 4 * 1024 * 1024;

/** Paths of the `*.prom` files in a directory, at most 200, in order. They are listed and read without blocking: it may be remote. */
export async function listTextfiles(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) {
      if (name.endsWith(".prom") && !name.startsWith(".")) names.push(name);
    }
  } catch (cause) {
    throw new Error(`Cannot list ${directory}`, { cause });
  }
  return names.sort().slice(0, 200).map((name) => `${directory}/${name}`);
}

/** Reads one text file. */
export async function readTextfile(path: string): Promise<SourceSamples> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile) throw new Error("it is not a regular file"); // A pipe would be waited for.
  if (size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
  using file = await Deno.open(path);
  const { text, truncated } = await readTextUpTo(file.readable, maxBytes);
  if (truncated) throw new Error(`it is larger than ${maxBytes} bytes`);
  return parsePrometheusText(text);
}

/** Reads one URL. Redirects are not followed: they may lead to other hosts. */
export async function readScrape({ url, timeout_seconds }: Scrape, clock: Clock): Promise<SourceSamples> {
  const deadline = new AbortController();
  const cancel = clock.after(
    timeout_seconds * 1_000,
    () => deadline.abort(new Error(`no whole answer within ${timeout_seconds} s`)),
  );
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: deadline.signal,
      headers: { accept: "text/plain;version=0.0.4" },
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the answer has status ${response.status}`);
    }
    const { text, truncated } = await readTextUpTo(response.body, maxBytes);
    if (truncated) throw new Error(`the answer is larger than ${maxBytes} bytes`);
    return parsePrometheusText(text);
  } finally {
    cancel();
  }
}

/** Runs one command. What it prints is JSON when it begins with a bracket, else Prometheus text. */
export async function readCommand(
  { argv, timeout_seconds }: MetricsCommand,
  clock: Clock,
): Promise<SourceSamples> {
  const outcome = await runVendorCommand(argv, clock, {
    deadlineMs: timeout_seconds * 1_000,
    maxOutputBytes: maxBytes,
  });
  if (outcome.status === "absent") throw new Error(`there is no program ${argv[0]}`);
  if (outcome.status === "killed") throw new Error(outcome.reason);
  if (outcome.code !== 0) {
    const said = outcome.stderr.trim().slice(0, 500);
    throw new Error(`${argv[0]} ended with code ${outcome.code}${said === "" ? "" : `: ${said}`}`);
  }
  return /^\s*[[{]/.test(outcome.stdout)
    ? parseJsonSamples(outcome.stdout)
    : parsePrometheusText(outcome.stdout);
}
