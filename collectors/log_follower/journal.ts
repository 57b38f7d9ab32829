/**
 * The systemd journal, as `journalctl --follow --output=json` prints it (journalctl(1), systemd.journal-fields(7)): one process
 * that lives as long as its reader, going on after the cursor of the last entry that was given.
 */
import * as z from "zod/mini";
import type { Clock } from "../../lib/clock.ts";
import { type HostFs, readText } from "../../lib/host_fs.ts";
import { followVendorProgram } from "../vendor_stream.ts";

/** One entry. */
export interface JournalEntry {
  readonly cursor: string;
  readonly timestampMs: number;
  readonly message: string;
  /** As syslog(3) numbers them: 0 emergency to 7 debug. */
  readonly priority?: number;
  /** What it calls itself; anybody may call himself `sshd`. */
  readonly process?: string;
  /** Name of its program as the kernel knows it; absent when it had ended before journald looked. */
  readonly command?: string;
  readonly pid?: number;
  readonly unit?: string;
}

/** Fields are texts; an array of bytes where they are not printable, an array of values where a field stands more than once. */
const fieldSchema = z.union([
  z.string(),
  z.null(),
  z.array(z.union([z.number(), z.string(), z.array(z.number())])),
]);
const entrySchema = z.record(z.string(), fieldSchema);
type Field = z.infer<typeof fieldSchema>;

const decoder = new TextDecoder();

function textOf(field: Field | undefined): string | undefined {
  if (typeof field === "string") return field;
  if (field === undefined || field === null || field.length === 0) return undefined;
  if (isBytes(field)) return decoder.decode(Uint8Array.from(field));
  return field.map((value) => textOf(typeof value === "number" ? [value] : value) ?? "").join(" ");
}

function isBytes(values: readonly unknown[]): values is readonly number[] {
  return values.every((value) => typeof value === "number");
}

function numberOf(field: Field | undefined): number | undefined {
  const text = textOf(field);
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

/** Parses one line of journalctl's JSON; `undefined` when it is none, or has no cursor, time or message. */
export function parseJournalEntry(line: string): JournalEntry | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined; // The caller counts it.
  }
  const parsed = z.safeParse(entrySchema, json);
  if (!parsed.success) return undefined;
  const fields = parsed.data;
  const cursor = textOf(fields["__CURSOR"]);
  const micros = numberOf(fields["_SOURCE_REALTIME_TIMESTAMP"]) ?? numberOf(fields["__REALTIME_TIMESTAMP"]);
  const message = textOf(fields["MESSAGE"]);
  if (cursor === undefined || micros === undefined || message === undefined) return undefined;
  const priority = numberOf(fields["PRIORITY"]);
  const command = textOf(fields["_COMM"]);
  const process = textOf(fields["SYSLOG_IDENTIFIER"]) ?? command;
  const pid = numberOf(fields["_PID"]) ?? numberOf(fields["SYSLOG_PID"]);
  const unit = textOf(fields["_SYSTEMD_UNIT"]) ?? textOf(fields["UNIT"]);
  return {
    cursor,
    timestampMs: Math.floor(micros / 1_000),
    message,
    ...(priority === undefined ? {} : { priority }),
    ...(process === undefined ? {} : { process }),
    ...(command === undefined ? {} : { command }),
    ...(pid === undefined ? {} : { pid }),
    ...(unit === undefined ? {} : { unit }),
  };
}

const outputFields = "MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID,_SYSTEMD_UNIT,UNIT," +
  "_SOURCE_REALTIME_TIMESTAMP";

/** The folder of the host's journal: the one on disk, else the one in memory; `undefined` when it keeps none. */
export function journalFolder(fs: HostFs): string | undefined {
  return ["/var/log/journal", "/run/log/journal"].map((path) => fs.root(path)).find(hasEntries);
}

function hasEntries(folder: string): boolean {
  try {
    for (const _ of Deno.readDirSync(folder)) return true;
    return false;
  } catch {
    return false; // No journal, or none that we may see: an answer.
  }
}

/** Reads the journal. */
export interface JournalReader {
  /** Takes the entries since the last call. */
  take(): JournalEntry[];
  /** Lines passed over since the start: too long, or not to be understood. */
  dropped(): number;
  /** Cursor of the last entry taken; `undefined` before the first. */
  cursor(): string | undefined;
  problem(): string | undefined;
  close(): void;
  /** Resolves when journalctl has ended. */
  readonly ended: Promise<void>;
}

/** What a reader is made of. */
export interface JournalOptions {
  readonly fs: HostFs;
  readonly clock: Clock;
  /** Where an earlier run stopped; without it reading begins with what comes now. */
  readonly cursor: string | undefined;
  /** Further arguments: `--priority=warning`, `--unit=…`, field matches. */
  readonly matches: readonly string[];
}

/** Entries that wait to be taken; then journalctl waits, and nothing is lost. */
const maxWaiting = 5_000;
/** Longest line of journalctl: a message of 64 KiB printed as numbers needs up to four bytes for each. */
const maxLineBytes = 512 * 1024;

/** Starts reading. */
export function readJournal({ fs, clock, cursor: saved, matches }: JournalOptions): JournalReader {
  const startMs = clock.now();
  let waiting: JournalEntry[] = [];
  let dropped = 0;
  let read = saved;
  let taken = saved;
  let goOn = Promise.withResolvers<void>();
  const folder = journalFolder(fs);
  const place = fs.redirected && folder !== undefined ? [`--directory=${folder}`] : [];
  // Merged, a journal holds the entries that other hosts have sent here too.
  const machineId = readText(fs.root("/etc/machine-id"));
  const own = machineId === undefined ? [] : [`_MACHINE_ID=${machineId}`];

  const stream = followVendorProgram({
    clock,
    maxLineBytes,
    onTooLong: () => dropped++,
    argv: () => [
      "journalctl",
      "--follow",
      // Following means this boot only, unless journals are merged: the end of the boot before would be missing.
      "--merge",
      "--output=json",
      "--all",
      "--quiet",
      `--output-fields=${outputFields}`,
      ...place,
      // The newest entry is asked for only to know where reading begins.
      ...(read === undefined ? ["--lines=1"] : ["--no-tail", `--after-cursor=${read}`]),
      ...own,
      ...matches,
    ],
    onLine(line) {
      const entry = parseJournalEntry(line);
      if (entry === undefined) {
        dropped++;
        return;
      }
      const isOld = read === undefined && entry.timestampMs < startMs;
      read = entry.cursor;
      if (isOld) taken = entry.cursor;
      else waiting.push(entry);
      if (waiting.length >= maxWaiting) return goOn.promise;
    },
  });

  return {
    take() {
      const entries = waiting;
      waiting = [];
      taken = entries.at(-1)?.cursor ?? taken;
      goOn.resolve();
      goOn = Promise.withResolvers();
      return entries;
    },
    dropped: () => dropped,
    cursor: () => taken,
    problem: () => stream.problem(),
    close() {
      goOn.resolve();
      stream.close();
    },
    ended: stream.ended,
  };
}
