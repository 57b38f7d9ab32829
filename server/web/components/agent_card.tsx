/** What the agent costs its host, and how each of its collectors is doing. */
import type { HostDetail } from "../../../protocol/api.ts";
import type { HostView } from "../state/host_view.ts";
import { type Fields, latestOf, listIn, numberIn, textIn } from "../state/latest.ts";
import {
  absent,
  formatBytes,
  formatCount,
  formatDuration,
  formatMicroseconds,
  formatPercent,
} from "../text/format.ts";
import { DataTable, numberColumn, textColumn } from "./data_table.tsx";
import { type Fact, Facts } from "./facts.tsx";

const columns = [
  textColumn("collector", "Collector"),
  textColumn("outcome", "Outcome"),
  numberColumn("took", "Took"),
  numberColumn("runs", "Runs"),
  numberColumn("failures", "Failures"),
  textColumn("detail", "Detail"),
];

/** Outcomes in words, worst first. */
const outcomes: Readonly<Record<string, string>> = {
  failed: "Failed",
  timeout: "Timed out",
  denied: "Not permitted",
  unsupported: "Not on this host",
  ok: "OK",
};

const alarming: readonly string[] = ["failed", "timeout", "denied"];

/** Costs and collectors. */
export function AgentCard({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest values are read anew at every tick.
  const agent = latestOf(detail, "agent");
  const cpu = view.store.latest("agent.cpu_seconds");
  const lost = numberIn(agent, "lost_envelopes") ?? 0;
  const rejected = numberIn(agent, "rejected_envelopes") ?? 0;
  const facts: Fact[] = [
    ["Processor", cpu === undefined ? absent : `${formatPercent(cpu * 100)} of one core`],
    ["Memory", formatBytes(numberIn(agent, "rss_bytes"))],
    ["Of it its own", formatBytes(numberIn(agent, "rss_anonymous_bytes"))],
    ["Runs for", formatDuration(numberIn(agent, "uptime_seconds"))],
    ["Waiting to be sent", formatCount(numberIn(agent, "queue_envelopes"))],
    ["Sent", formatBytes(numberIn(agent, "sent_bytes"))],
    ["Failed attempts", formatCount(numberIn(agent, "send_failures"))],
    ["Refused / lost", `${formatCount(rejected)} / ${formatCount(lost)}`],
  ];
  const rank = (collector: Fields) => Object.keys(outcomes).indexOf(textIn(collector, "outcome") ?? "");
  const collectors = listIn(agent, "collectors").sort((a, b) => rank(a) - rank(b));
  return (
    <>
      <section class="card wide" aria-label="Cost of the agent">
        <Facts facts={facts} />
      </section>
      <DataTable
        title="Collectors"
        columns={columns}
        empty="This agent does not report about its collectors."
        rows={collectors.map((collector) => {
          const outcome = textIn(collector, "outcome") ?? absent;
          const isAlarming = alarming.includes(outcome);
          const word = outcomes[outcome] ?? outcome;
          return {
            key: textIn(collector, "collector") ?? "",
            alarming: isAlarming,
            cells: {
              collector: textIn(collector, "collector") ?? absent,
              outcome: isAlarming ? <strong>{word}</strong> : word,
              took: formatMicroseconds(numberIn(collector, "duration_us")),
              runs: formatCount(numberIn(collector, "runs")),
              failures: formatCount(numberIn(collector, "failures")),
              detail: <span class="wrap">{textIn(collector, "detail") ?? ""}</span>,
            },
          };
        })}
      />
    </>
  );
}
