/** Who is logged in. */
import { allTexts, type Fields, numberIn, textIn } from "../state/latest.ts";
import { absent, formatDateTime } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  textColumn("user", "User"),
  textColumn("terminal", "Terminal"),
  textColumn("from", "From"),
  textColumn("by", "By"),
  textColumn("state", "State"),
  numberColumn("since", "Since"),
];

/** The table of elements of `session_list`; nothing when there are none. */
export function SessionTable({ sessions }: { readonly sessions: readonly Fields[] }) {
  if (sessions.length === 0) return null;
  return (
    <LongTable
      title="Logged in"
      columns={columns}
      items={sessions}
      firstRows={10}
      searched={allTexts}
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
