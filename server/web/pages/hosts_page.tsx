/** All hosts at a glance. */
import { signal } from "@preact/signals";
import type { HostSummary } from "../../../protocol/api.ts";
import { HostTable } from "../components/host_table.tsx";
import { Message } from "../components/message.tsx";
import { filterHosts } from "../state/host_order.ts";
import { hosts } from "../state/hosts.ts";
import { connection, feedProblem } from "../state/live.ts";
import { statusWords } from "../text/host_text.ts";

/** What the list is filtered by; it stays while a host's page is visited. */
const filter = signal("");

/** The list, or what there is to say instead. */
export function HostsPage() {
  const known = hosts.value;
  return (
    <main class="page">
      <div class="page-head">
        <h1>Hosts</h1>
        {known !== undefined && known.size > 0 && <Counts hosts={[...known.values()]} />}
        <span class="spacer" />
        {known !== undefined && known.size > 0 && (
          <input
            type="search"
            class="filter"
            placeholder="Filter by name, system, address…"
            aria-label="Filter hosts"
            value={filter.value}
            onInput={(event) => filter.value = event.currentTarget.value}
          />
        )}
      </div>
      <Body known={known} />
    </main>
  );
}

function Body({ known }: { readonly known: ReadonlyMap<string, HostSummary> | undefined }) {
  if (known === undefined) {
    if (connection.value === "lost" && feedProblem.value !== undefined) {
      return (
        <Message title="The hosts could not be loaded" kind="problem">
          <p>{feedProblem.value}</p>
          <p>Trying again…</p>
        </Message>
      );
    }
    return <Message title="Loading hosts…" />;
  }
  if (known.size === 0) return <NoHosts />;
  const found = filterHosts(known.values(), filter.value);
  if (found.length === 0) {
    return (
      <Message title="No host matches the filter">
        <p>
          <button type="button" class="main-button" onClick={() => filter.value = ""}>Show all hosts</button>
        </p>
      </Message>
    );
  }
  return <HostTable hosts={found} />;
}

function NoHosts() {
  return (
    <Message title="No host has reported yet">
      <p>Run this on a machine to add it. It appears here by itself.</p>
      <pre><code>spectra agent --server {location.origin} --data DIR --token-file FILE</code></pre>
      <p>
        <code>FILE</code> is a copy of <code>enrollment-token</code> from the server's data directory;{" "}
        <code>DIR</code> is where the agent keeps its identity.
      </p>
    </Message>
  );
}

function Counts({ hosts }: { readonly hosts: readonly HostSummary[] }) {
  const parts = (["online", "late", "offline", "waiting"] as const).map((status) =>
    [statusWords[status].toLowerCase(), hosts.filter((host) => host.status === status).length] as const
  ).filter(([, count]) => count > 0).map(([word, count]) => `${count} ${word}`);
  return <p class="counts">{parts.join(" · ")}</p>;
}
