/** Who is logged in. */
import { type Fields, numberIn, textIn } from "../state/latest.ts";
import { absent, formatDateTime } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  { name: "user", word: "User" },
  { name: "terminal", word: "Terminal" },
  { name: "from", word: "From" },
  { name: "by", word: "By" },
  { name: "state", word: "State" },
  { name: "since", word: "Since", numeric: true },
] as const;

/** The table of elements of `session_list`; nothing when there are none. */
export function SessionTable({ sessions }: { readonly sessions: readonly Fields[] }) {
  if (sessions.length === 0) return null;
  return (
    <LongTable
      title="Logged in"
      columns={columns}
      empty=""
      items={sessions}
      firstRows={10}
      searched={(session) => Object.values(session).join("\n")}
      row={(session) => {
        const since = numberIn(session, "since");
        const cell = (field: string) => <Clip text={textIn(session, field) ?? absent} />;
        return {
          key: textIn(session, "id") ?? "",
          cells: {
            user: cell("user"),
            terminal: cell("tty"),
            from: cell("remote_host"),
            by: cell("service"),
            state: cell("state"),
            since: since === undefined ? absent : formatDateTime(since * 1000),
          },
        };
      }}
    />
  );
}
