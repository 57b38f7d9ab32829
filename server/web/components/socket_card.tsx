/** The host's TCP and UDP sockets, counted. */
import type { HostDetail } from "../../../protocol/api.ts";
import type { HostView } from "../state/host_view.ts";
import { latestOf, numberIn } from "../state/latest.ts";
import { type Fact, Facts } from "./facts.tsx";
import { formatBytes, formatCount, formatPercent } from "../text/format.ts";

const states: readonly (readonly [field: string, word: string])[] = [
  ["established", "Established"],
  ["listen", "Listening"],
  ["time_wait", "Time wait"],
  ["close_wait", "Close wait"],
  ["syn_sent", "SYN sent"],
  ["syn_recv", "SYN received"],
  ["fin_wait1", "FIN wait 1"],
  ["fin_wait2", "FIN wait 2"],
  ["last_ack", "Last ACK"],
  ["closing", "Closing"],
  ["close", "Closed"],
  ["tcp_orphaned", "Orphaned"],
  ["udp_in_use", "UDP in use"],
  ["sockets_used", "All sockets"],
];

/** The counts; nothing where the host does not report them. */
export function SocketCard({ view, detail }: { readonly view: HostView; readonly detail: HostDetail }) {
  view.tick.value; // The newest rates are read anew at every tick.
  const sockets = latestOf(detail, "sockets");
  const counts = states.filter(([field]) => numberIn(sockets, field) !== undefined);
  if (counts.length === 0) return null;
  const sent = view.store.latest("tcp.segments_out");
  const again = view.store.latest("tcp.segments_retransmitted");
  const share = sent === undefined || again === undefined || sent <= 0 ? undefined : again / sent * 100;
  const facts: Fact[] = [
    ...counts.map(([field, word]): Fact => [word, formatCount(numberIn(sockets, field))]),
    ["TCP buffers", formatBytes(numberIn(sockets, "tcp_memory_bytes"))],
    ["Sent again", formatPercent(share)],
  ];
  return (
    <section class="card wide" aria-label="Sockets">
      <header>
        <h3>Sockets</h3>
      </header>
      <Facts facts={facts} tight />
    </section>
  );
}
