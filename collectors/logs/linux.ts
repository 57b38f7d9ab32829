/**
 * Reads the logs of a Linux host.
 *
 * Positions are kept when the next collection begins: what the one before returned has been handed over by then. So over a clean
 * end (`close`) nothing is read twice, and after a crash what was returned in the last interval may be; nothing is left out.
 */
import { logLevels } from "../../protocol/metrics/log.ts";
import type { Measurement } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { levelOfPriority } from "../log_level.ts";
import { type FileFollower, followFiles } from "../log_follower/follower.ts";
import { journalFolder, type JournalReader, readJournal } from "../log_follower/journal.ts";
import { type Positions, positionsSchema } from "../log_follower/positions.ts";
import { rounds } from "../log_follower/rounds.ts";
import { takeLines } from "../log_follower/take.ts";
import { stateFile } from "../state_file.ts";
import { parseJson } from "./parsers/json.ts";
import { patternParser } from "./parsers/pattern.ts";
import { type LineParser, recordOf } from "./parsers/record.ts";
import { parseSyslog } from "./parsers/syslog.ts";
import { parseApache, parseNginx } from "./parsers/web.ts";
import type { FileSettings, LogsSettings } from "./settings.ts";
import { type Source, sourceOf } from "./source.ts";

/** Bytes read at once. */
const windowBytes = 256 * 1024;
/** Time that one source may take of a reading. */
const budgetMs = 250;

function parserOf({ parser, pattern = "" }: FileSettings): LineParser {
  switch (parser) {
    case "syslog":
      return parseSyslog;
    case "nginx":
      return parseNginx;
    case "apache":
      return parseApache;
    case "json":
      return parseJson;
    case "regex":
      return patternParser(new RegExp(pattern, "u"));
  }
}

interface FileSource {
  readonly path: string;
  readonly source: Source;
  readonly follower: FileFollower;
  /** Begins a reading's time. */
  begin(): void;
}

/** `log_counts` and `log_event_list` of the files and the journal that `settings` name. */
export function linuxLogs(host: Host, settings: LogsSettings): Collector {
  const { clock, fs } = host;
  const state = stateFile(host.stateDirectory, "logs", positionsSchema);
  const saved = state.load();
  const buffer = new Uint8Array(settings.files.length === 0 ? 0 : windowBytes);
  const files = settings.files.map((file) => openFile(file));
  const journal = settings.journal.enabled && journalFolder(fs) !== undefined ? openJournal() : undefined;
  const { run } = rounds(clock, "the log files");
  /** Where what the last collection returned ends. */
  let returned: Positions | undefined;

  function openFile(file: FileSettings): FileSource {
    const { path, match, name = path } = file;
    const source = sourceOf(name, {
      minLevel: file.min_level ?? (match === undefined ? "warning" : undefined),
      match: match === undefined ? undefined : new RegExp(match, "u"),
      eventsPerMinute: settings.events_per_minute,
    }, clock);
    const parse = parserOf(file);
    let startedMs = 0;
    const follower = followFiles({
      pattern: path,
      root: fs.root,
      saved: saved?.files[path],
      take: takeLines((line) => source.add(line, parse(line, clock.now()))),
      buffer,
      mayGoOn: () => clock.monotonicMs() - startedMs < budgetMs,
    });
    return { path, source, follower, begin: () => startedMs = clock.monotonicMs() };
  }

  function openJournal(): { readonly source: Source; readonly reader: JournalReader } {
    const { min_level: minLevel, units } = settings.journal;
    const worth = { minLevel, match: undefined, eventsPerMinute: settings.events_per_minute };
    const matches = [`--priority=${logLevels.indexOf(minLevel)}`, ...units.map((unit) => `--unit=${unit}`)];
    return {
      source: sourceOf("journal", worth, clock),
      reader: readJournal({ fs, clock, cursor: saved?.cursor, matches }),
    };
  }

  function takeJournal(): void {
    if (journal === undefined) return;
    for (const entry of journal.reader.take()) {
      const level = entry.priority === undefined ? undefined : levelOfPriority(entry.priority);
      journal.source.add(entry.message, recordOf({ ...entry, level }));
    }
  }

  function positions(): Positions {
    const kept: Positions["files"] = {};
    for (const { path, follower } of files) {
      const at = follower.positions();
      if (at !== undefined) kept[path] = [...at];
    }
    const cursor = journal?.reader.cursor();
    return { files: kept, ...(cursor === undefined ? {} : { cursor }) };
  }

  function countsOf(): Measurement {
    const sources = files.map(({ source, follower }) => ({
      ...source.counts(),
      lag_bytes: follower.lagBytes(),
      ...problemOf(follower.problem()),
    }));
    if (journal === undefined) return { type: "log_counts", data: { sources } };
    const { source, reader } = journal;
    const ofJournal = { ...source.counts(), dropped: reader.dropped(), ...problemOf(reader.problem()) };
    return { type: "log_counts", data: { sources: [...sources, ofJournal] } };
  }

  return {
    async collect() {
      const handedOver = returned;
      await run(async () => {
        if (handedOver !== undefined) await state.save(handedOver);
        for (const { begin, follower } of files) {
          begin();
          await follower.read();
        }
      });
      // From here to the end nothing waits: what is returned and where it ends belong together.
      takeJournal();
      const sources = [...files, ...(journal === undefined ? [] : [journal])];
      const events = sources.flatMap(({ source }) => source.takeEvents());
      returned = positions();
      if (sources.length === 0) return [];
      return events.length === 0 ? [countsOf()] : [countsOf(), { type: "log_event_list", data: { events } }];
    },
    close() {
      for (const { follower } of files) follower.close();
      journal?.reader.close();
      if (returned !== undefined) state.saveNow(returned);
    },
  };
}

function problemOf(problem: string | undefined): { problem?: string } {
  return problem === undefined ? {} : { problem: problem.slice(0, 4_096) };
}
