/** Says that what is shown is not live, and since when. */
import { connection, feedProblem, heardAt } from "../state/live.ts";
import { formatClock } from "../text/format.ts";

/** Empty while the connection lives. It lies over the page's foot, so that nothing moves when it comes and goes. */
export function ConnectionBanner() {
  const lost = connection.value === "lost";
  const since = heardAt.value;
  return (
    <div role="status" class={`banner ${lost ? "" : "banner-quiet"}`}>
      {lost && (
        <p>
          <strong>Live connection lost, retrying…</strong>{" "}
          {since === undefined ? "Nothing has arrived yet." : `Showing values from ${formatClock(since)}.`}
          {" "}
          {feedProblem.value}
        </p>
      )}
    </div>
  );
}

const words = { live: "Live", connecting: "Connecting…", lost: "Reconnecting…", paused: "Paused" } as const;

/** The connection's state in the page's head. */
export function ConnectionState() {
  return (
    <span class={`connection connection-${connection.value}`}>
      <span class="dot" aria-hidden="true" />
      {words[connection.value]}
    </span>
  );
}
