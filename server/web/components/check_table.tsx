/** Checks that the agent makes of services, failing ones first. */
import type { HostDetail } from "../../../protocol/api.ts";
import { allTexts, joinedTexts, latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import { certificateState, checkWord, sortChecks } from "../state/network_services.ts";
import { serverNow } from "../state/server_clock.ts";
import { absent, formatAgo, formatCount, formatMicroseconds, formatPercent } from "../text/format.ts";
import { Clip } from "./clip.tsx";
import { numberColumn, textColumn } from "./data_table.tsx";
import { LongTable } from "./long_table.tsx";

const columns = [
  textColumn("name", "Check", 150),
  textColumn("outcome", "Outcome", 190),
  textColumn("detail", "Detail"),
  textColumn("target", "Target", 220),
  numberColumn("latency", "Latency", 96),
  numberColumn("loss", "Loss", 80),
  numberColumn("status", "Status", 80),
  numberColumn("certificate", "Certificate lasts", 132),
  numberColumn("made", "Made", 104),
];

/** The table; nothing where no checks are configured. */
export function CheckTable({ detail }: { readonly detail: HostDetail }) {
  const checks = listIn(latestOf(detail, "check_list"), "checks");
  if (checks.length === 0) return null;
  const failing = checks.filter((check) => check["ok"] === false).length;
  const succeeding = checks.filter((check) => check["ok"] === true).length;
  return (
    <LongTable
      title="Checks"
      columns={columns}
      note={`${formatCount(failing)} failing, ${formatCount(succeeding)} OK`}
      items={sortChecks(checks)}
      firstRows={15}
      searched={allTexts}
      row={(check) => {
        const name = textIn(check, "name") ?? absent;
        const latency = numberIn(check, "latency_ms");
        const madeAt = numberIn(check, "checked_at");
        const certificate = certificateState(check);
        const word = checkWord(check);
        const failed = check["ok"] === false;
        return {
          key: name,
          alarming: failed,
          cells: {
            name: <Clip text={name} />,
            outcome: failed ? <strong>{word}</strong> : word,
            detail: <span class="wrap">{textIn(check, "detail") ?? ""}</span>,
            target: (
              <Clip
                text={joinedTexts(check, ["kind", "target"], " ")}
              />
            ),
            latency: formatMicroseconds(latency === undefined ? undefined : latency * 1000),
            loss: formatPercent(numberIn(check, "loss_percent")),
            status: String(numberIn(check, "status_code") ?? absent),
            certificate: certificate?.isAlarming
              ? <strong>{certificate.word}</strong>
              : certificate?.word ?? absent,
            made: madeAt === undefined ? absent : formatAgo(serverNow() - madeAt * 1000),
          },
        };
      }}
    />
  );
}
