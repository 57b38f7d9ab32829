/**
 * Where logins are read from: the authentication log, else the journal, else the binary records of logins. One of them, as each
 * tells of the same attempts.
 */
import type { Host } from "../collector.ts";
import { followFiles } from "../log_follower/follower.ts";
import { journalFolder, readJournal } from "../log_follower/journal.ts";
import type { Positions } from "../log_follower/positions.ts";
import { takeLines, takeRecords } from "../log_follower/take.ts";
import { parseSyslogLine } from "../syslog.ts";
import { parseUtmpRecord, USER_PROCESS, utmpRecordBytes } from "../utmp.ts";
import type { Finding } from "./event.ts";
import type { Logins } from "./logins.ts";

/** Reads logins. */
export interface LoginSource {
  /** A path, or `journal`. */
  readonly name: string;
  /** Gives what was written since the last reading to the `take` that it was made with. */
  read(): Promise<void>;
  /** Gives what arrived by itself; called when nothing waits any more. */
  flush(): void;
  positions(): Positions;
  lagBytes(): number;
  problem(): string | undefined;
  close(): void;
}

const authLogs = ["/var/log/auth.log", "/var/log/secure"];
const windowBytes = 256 * 1024;
const budgetMs = 250;

/** Messages of the facilities `auth` (4) and `authpriv` (10). */
const authMatches = ["SYSLOG_FACILITY=4", "SYSLOG_FACILITY=10"];

/** The best source that this host has; `undefined` when it has none. Findings go to `take`. */
export function openLoginSource(
  host: Host,
  logins: Logins,
  saved: Positions | undefined,
  take: (findings: Finding[]) => void,
): LoginSource | undefined {
  const exists = (path: string) => isFile(host.fs.root(path));
  const authLog = authLogs.find(exists);
  if (authLog !== undefined) {
    const onLine = (line: string) => {
      const parsed = parseSyslogLine(line, host.clock.now());
      if (parsed === undefined) return;
      const { pid, ...message } = parsed;
      take(logins.read(pid === undefined ? message : { ...message, pid }));
    };
    return fileSource(host, [[authLog, takeLines(onLine)]], saved);
  }
  if (journalFolder(host.fs) !== undefined) return journalSource(host, logins, saved, take);
  const records = ["/var/log/wtmp", "/var/log/btmp"].filter(exists).map((path) => {
    const kind = path.endsWith("wtmp") ? "login_accepted" : "login_failed";
    const onRecord = (bytes: Uint8Array) => {
      const finding = findingOfRecord(bytes, kind);
      if (finding !== undefined) take(logins.add(finding));
    };
    return [path, takeRecords(utmpRecordBytes, onRecord)] as const;
  });
  return records.length === 0 ? undefined : fileSource(host, records, saved);
}

/** What a record of `wtmp` or `btmp` says; every record of `btmp` is a failure, of `wtmp` only some are logins. */
function findingOfRecord(bytes: Uint8Array, kind: "login_accepted" | "login_failed"): Finding | undefined {
  const record = parseUtmpRecord(bytes);
  if (record === undefined || (kind === "login_accepted" && record.type !== USER_PROCESS)) return undefined;
  const { user, host, line } = record;
  const timestampMs = record.seconds * 1_000;
  return {
    kind,
    timestampMs,
    ...(user === "" ? {} : { user }),
    ...(host === "" ? {} : { source: host }),
    ...(line === "" ? {} : { detail: `on ${line}` }),
  };
}

function fileSource(
  { fs, clock }: Host,
  files: readonly (readonly [path: string, take: ReturnType<typeof takeLines>])[],
  saved: Positions | undefined,
): LoginSource {
  const buffer = new Uint8Array(windowBytes);
  let startedMs = 0;
  const followers = files.map(([pattern, take]) => ({
    pattern,
    follower: followFiles({
      pattern,
      root: fs.root,
      saved: saved?.files[pattern],
      take,
      buffer,
      mayGoOn: () => clock.monotonicMs() - startedMs < budgetMs,
    }),
  }));
  return {
    name: files.map(([path]) => path).join(", "),
    async read() {
      startedMs = clock.monotonicMs();
      for (const { follower } of followers) await follower.read();
    },
    flush() {},
    positions() {
      const kept: Positions["files"] = {};
      for (const { pattern, follower } of followers) {
        const at = follower.positions();
        if (at !== undefined) kept[pattern] = [...at];
      }
      return { files: kept };
    },
    lagBytes: () => followers.reduce((sum, { follower }) => sum + follower.lagBytes(), 0),
    problem: () =>
      followers.map(({ follower }) => follower.problem()).find((problem) => problem !== undefined),
    close() {
      for (const { follower } of followers) follower.close();
    },
  };
}

function journalSource(
  { fs, clock }: Host,
  logins: Logins,
  saved: Positions | undefined,
  take: (findings: Finding[]) => void,
): LoginSource {
  const reader = readJournal({ fs, clock, cursor: saved?.cursor, matches: authMatches });
  return {
    name: "journal",
    async read() {},
    flush() {
      for (const { command, process = "", ...entry } of reader.take()) {
        take(logins.read({ ...entry, process: command ?? process }));
      }
    },
    positions() {
      const cursor = reader.cursor();
      return { files: {}, ...(cursor === undefined ? {} : { cursor }) };
    },
    lagBytes: () => 0,
    problem: () => reader.problem(),
    close: () => reader.close(),
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // An answer, not a failure.
  }
}
