/** A host's status: a dot whose shape and colour follow a word. */
import type { HostSummary } from "../../../protocol/api.ts";
import { statusMeanings, statusWords } from "../text/host_text.ts";

/** Dot and word. */
export function Status({ status }: { readonly status: HostSummary["status"] }) {
  return (
    <span class={`status status-${status}`} title={statusMeanings[status]}>
      <span class="dot" aria-hidden="true" />
      {statusWords[status]}
    </span>
  );
}
