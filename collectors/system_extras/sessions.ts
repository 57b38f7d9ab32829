/** Who is logged in, with what the session manager knows of each. */
import type { HostFs } from "../../lib/host_fs.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { type LogindSession, readSessions, readUtmp, runFolder } from "../system/logins.ts";
import type { UtmpRecord } from "../utmp.ts";

type Session = MetricData<"session_list">["sessions"][number];

/**
 * The login sessions: logind's, which say more; where it has none, those of `utmp`. `undefined` where the host's `/run` can't be seen.
 */
export function readSessionList(fs: HostFs): Session[] | undefined {
  const run = runFolder(fs);
  if (run === undefined) return undefined;
  const sessions = readSessions(run).map(ofLogind);
  return sessions.length > 0 ? sessions : (readUtmp(run) ?? []).map(ofUtmp);
}

/** Texts are cut at this length, which none of them reaches. */
const longest = 256;

function ofLogind({ id, values }: LogindSession): Session {
  const session: Session = { id: id.slice(0, longest) };
  const text = (key: string) => values.get(key)?.slice(0, longest) || undefined;
  const number = (key: string) => {
    const value = values.get(key) ?? "";
    return /^\d{1,20}$/.test(value) ? Number(value) : undefined;
  };
  const user = text("USER") ?? text("UID");
  const tty = text("TTY") ?? text("DISPLAY");
  const remoteHost = text("REMOTE_HOST");
  const service = text("SERVICE");
  const kind = text("TYPE");
  const state = text("STATE");
  const microseconds = number("REALTIME");
  const leader = number("LEADER");
  if (user !== undefined) session.user = user;
  if (tty !== undefined) session.tty = tty;
  if (remoteHost !== undefined) session.remote_host = remoteHost;
  if (service !== undefined) session.service = service;
  if (kind !== undefined) session.kind = kind;
  if (state !== undefined) session.state = state;
  if (microseconds !== undefined) session.since = microseconds / 1e6;
  if (leader !== undefined) session.leader_pid = leader;
  return session;
}

function ofUtmp({ user, line, host, pid, seconds }: UtmpRecord): Session {
  return {
    id: line === "" ? String(pid) : line,
    user,
    tty: line,
    ...(host === "" ? {} : { remote_host: host }),
    since: seconds,
    leader_pid: pid,
  };
}
