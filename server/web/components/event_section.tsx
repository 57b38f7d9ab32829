/** Who is logged in and what has happened: lines of logs, events of security. */
import { useMemo } from "preact/hooks";
import type { HostDetail } from "../../../protocol/api.ts";
import { type HostEvent, mergeEvents, reportedEvents } from "../state/events.ts";
import type { HostView } from "../state/host_view.ts";
import { latestOf, listIn, textIn } from "../state/latest.ts";
import { formatCount, formatDateTime } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";
import { SessionTable } from "./session_table.tsx";

const columns = [
  textColumn("time", "Time", 160),
  textColumn("word", "Level or kind", 150),
  textColumn("origin", "From", 220),
  numberColumn("count", "Times", 80),
  textColumn("text", "What"),
];

/** The section; nothing where the host follows no logs and reports no logins. */
export function EventSection({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  const events = useEvents(view, detail);
  const problems = problemsOf(detail);
  const sessions = listIn(latestOf(detail, "session_list"), "sessions");
  const isAbsent = [events, problems, sessions].every(({ length }) => length === 0) &&
    !detail.latest.some(({ type }) => type === "log_counts" || type === "security_counts");
  if (isAbsent) return null;
  return (
    <>
      <h2>Logins and events</h2>
      {problems.map((problem) => <p key={problem} class="notice">{problem}</p>)}
      <SessionTable sessions={sessions} />
      <LongTable
        title="Recent events"
        columns={columns}
        note="The newest reported, and what happens while this page is open."
        items={events}
        firstRows={15}
        searched={({ word, origin, text }) => `${word}\n${origin}\n${text}`}
        row={({ key, atMs, word, isGrave, origin, count, text }) => ({
          key,
          alarming: isGrave,
          cells: {
            time: <span class="number">{formatDateTime(atMs)}</span>,
            word: isGrave ? <strong class="clip">{word}</strong> : <Clip text={word} />,
            origin: <Clip text={origin} />,
            count: formatCount(count),
            text: <span class="wrap">{text}</span>,
          },
        })}
      />
    </>
  );
}

/** The server keeps what was reported last; the page keeps what it has seen of this host. */
function useEvents(view: HostView, detail: HostDetail): readonly HostEvent[] {
  const seen = useMemo<{ events: readonly HostEvent[] }>(() => ({ events: [] }), [view]);
  return useMemo(() => seen.events = mergeEvents(seen.events, reportedEvents(detail)), [seen, detail]);
}

/** What can't be read, in words. */
function problemsOf(detail: HostDetail): string[] {
  const logs = listIn(latestOf(detail, "log_counts"), "sources").flatMap((source) => {
    const problem = textIn(source, "problem");
    return problem === undefined ? [] : [`Log ${textIn(source, "source") ?? ""}: ${problem}`];
  });
  const security = textIn(latestOf(detail, "security_counts"), "problem");
  return security === undefined ? logs : [...logs, `Security: ${security}`];
}
