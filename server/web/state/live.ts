/** What the tab follows: the hosts, and of one host its samples while its page is open. */
import { effect, signal } from "@preact/signals";
import type { LiveEventData } from "../../../protocol/api.ts";
import { ask } from "./api.ts";
import { changeHost, removeHost, setHosts } from "./hosts.ts";
import { type HostView, hostView } from "./host_view.ts";
import { type ConnectionState, type LiveConnection, liveConnection } from "./live_connection.ts";
import { navigate, route } from "./route.ts";
import { serverNow, setServerTime } from "./server_clock.ts";
import { noticeExpiry, session } from "./session.ts";

/** Where the connection stands. */
export const connection = signal<ConnectionState>("connecting");

/** When the newest of what is shown arrived, by the server's clock; `undefined` before anything did. */
export const heardAt = signal<number | undefined>(undefined);

/** Why the hosts can't be had, when the live feed is refused and so is the plain list. */
export const feedProblem = signal<string | undefined>(undefined);

/** The host whose page is open. */
export const openHost = signal<HostView | undefined>(undefined);

/** A tab that nobody looks at for so long lets go of its stream: a watched host works harder. */
const hiddenForMs = 60_000;

const feed: LiveConnection = liveConnection({
  open: (url) => new EventSource(url),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
}, {
  state: (state) => connection.value = state,
  snapshot(list) {
    takeHosts(list);
    openHost.peek()?.reload();
  },
  host(host) {
    heardAt.value = serverNow();
    changeHost(host);
  },
  removed({ agent_id: agentId }) {
    heardAt.value = serverNow();
    removeHost(agentId);
    if (openHost.peek()?.agentId === agentId) navigate("/");
  },
  samples(data) {
    heardAt.value = serverNow();
    openHost.peek()?.samples(data);
  },
  refused: loadHosts,
});

function takeHosts(list: LiveEventData<"snapshot">): void {
  setServerTime(list.server_time);
  heardAt.value = serverNow();
  feedProblem.value = undefined;
  setHosts(list.hosts);
}

/** Asks for the list once: it tells an ended session from a busy server, and shows something meanwhile. */
async function loadHosts(): Promise<void> {
  const answer = await ask<LiveEventData<"snapshot">>("GET", "/api/v1/hosts");
  noticeExpiry(answer);
  if (answer.ok) takeHosts(answer.value);
  else feedProblem.value = answer.detail;
}

/** Connects while somebody is signed in, follows the page that is open, rests while the tab is hidden. */
export function followServer(): void {
  effect(() => {
    const signedIn = session.value.status === "in";
    const agentId = signedIn && route.value.page === "host" ? route.value.agentId : undefined;
    const open = openHost.peek();
    if (open?.agentId !== agentId) {
      open?.close();
      openHost.value = agentId === undefined ? undefined : hostView(agentId);
    }
    if (!signedIn) feed.close();
    // The feed of a host that does not exist is refused; that of all hosts lives.
    else feed.follow(openHost.value?.problem.value?.status === 404 ? undefined : agentId);
  });
  let resting: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(resting);
    if (document.hidden) resting = setTimeout(() => feed.pause(), hiddenForMs);
    else feed.resume();
  });
  addEventListener("online", () => feed.resume());
}
