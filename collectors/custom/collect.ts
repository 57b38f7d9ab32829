/** Gathers the users' own metrics from all their sources. */
import { limits } from "../../protocol/limits.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { requestFailure } from "../request_failure.ts";
import { dueJobs, type Job } from "../due_jobs.ts";
import type { CustomSample, SourceSamples } from "./sample_set.ts";
import type { CustomSettings } from "./settings.ts";
import { listTextfiles, readCommand, readScrape, readTextfile } from "./sources.ts";

const concurrent = 8;
/** How long a reading waits for its sources; the collector's deadline is beyond it. */
const waitMs = 20_000;

/** The latest outcome of a source. */
type Outcome = SourceSamples | { readonly failure: string };

/** `custom` from text files, URLs and commands. */
export function customCollector(host: Host, settings: CustomSettings): Collector {
  const { clock, fs } = host;
  const outcomes = new Map<string, Outcome>();

  const readInto = async (source: string, read: () => Promise<SourceSamples>): Promise<void> => {
    outcomes.set(source, await outcomeOf(read));
  };

  /** One job for all files: they come and go. */
  async function readTextfiles(directory: string): Promise<void> {
    const found = new Map<string, Outcome>();
    try {
      for (const path of await listTextfiles(fs.root(directory))) {
        const source = `textfile:${path.slice(path.lastIndexOf("/") + 1)}`;
        found.set(source, await outcomeOf(() => readTextfile(path)));
      }
    } catch (error) {
      found.set("textfile:", { failure: requestFailure(error) });
    }
    for (const source of outcomes.keys()) if (source.startsWith("textfile:")) outcomes.delete(source);
    for (const [source, outcome] of found) outcomes.set(source, outcome);
  }

  const { textfile_directory: directory, scrape, commands } = settings;
  const read = dueJobs(clock, [
    ...(directory === undefined ? [] : [{ intervalMs: 0, run: () => readTextfiles(directory) }]),
    ...scrape.map((entry): Job => ({
      intervalMs: 0,
      run: () => readInto(`scrape:${entry.name}`, () => readScrape(entry, clock)),
    })),
    ...commands.map((entry): Job => ({
      intervalMs: entry.interval_seconds * 1_000,
      run: () => readInto(`command:${entry.name}`, () => readCommand(entry, clock)),
    })),
  ], { concurrent, waitMs });

  return {
    async collect() {
      await read();
      return [{ type: "custom", data: dataOf(outcomes) }];
    },
  };
}

async function outcomeOf(read: () => Promise<SourceSamples>): Promise<Outcome> {
  try {
    return await read();
  } catch (error) {
    return { failure: requestFailure(error) };
  }
}

/** Joins what the sources gave; samples beyond what one envelope holds are left out and counted. */
function dataOf(outcomes: ReadonlyMap<string, Outcome>): MetricData<"custom"> {
  const samples: MetricData<"custom">["samples"] = [];
  const problems: string[] = [];
  let dropped = 0;
  let failed = 0;
  for (const [source, outcome] of outcomes) {
    const problem = "failure" in outcome ? outcome.failure : outcome.problem;
    if (problem !== undefined) problems.push(`${source}: ${problem}`.slice(0, 4_096));
    if ("failure" in outcome) {
      failed++;
      continue;
    }
    const room = limits.listLength - samples.length;
    samples.push(...outcome.samples.slice(0, room).map((sample) => elementOf(source, sample)));
    dropped += outcome.dropped + Math.max(0, outcome.samples.length - room);
  }
  return { samples, dropped, failed_sources: failed, ...(problems.length === 0 ? {} : { problems }) };
}

function elementOf(source: string, sample: CustomSample): MetricData<"custom">["samples"][number] {
  const { name, labels, value, kind, help } = sample;
  return {
    name,
    labels,
    source: source.slice(0, 1_024),
    ...(kind === "counter" ? { counter: value } : { gauge: value }),
    ...(help === undefined ? {} : { help }),
  };
}
