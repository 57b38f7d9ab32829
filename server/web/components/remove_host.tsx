/** Taking a host that is gone off the list. */
import { useSignal } from "@preact/signals";
import type { HostSummary } from "../../../protocol/api.ts";
import { ask } from "../state/api.ts";

/** A button that asks before it acts; the live feed tells when the host is gone. */
export function RemoveHost({ host }: { readonly host: HostSummary }) {
  const isAsking = useSignal(false);
  const problem = useSignal("");
  if (!isAsking.value) {
    return (
      <button type="button" class="quiet-button" onClick={() => isAsking.value = true}>
        Remove this host…
      </button>
    );
  }
  const remove = async () => {
    const answer = await ask("DELETE", `/api/v1/hosts/${encodeURIComponent(host.agent_id)}`);
    if (!answer.ok) problem.value = answer.detail;
  };
  return (
    <div class="notice" role="group" aria-label="Remove this host">
      <p>
        Its key stops working and it leaves every list. If its agent runs again with the enrolment token, it
        comes back as a new host.
      </p>
      {problem.value !== "" && <p role="alert">{problem.value}</p>}
      <button type="button" onClick={remove}>Remove {host.hostname}</button>{" "}
      <button type="button" class="quiet-button" onClick={() => isAsking.value = false}>Keep it</button>
    </div>
  );
}
