/**
 * The tab's one connection to the live feed, and its coming back.
 *
 * `EventSource` retries by itself after a cut, with `Last-Event-ID`, and the server replays what was missed. It gives up
 * when the server answers with an error, and it never notices a connection that died silently (a laptop that slept, a NAT
 * that forgot): both are mended here by a fresh connection, which begins with a `snapshot`.
 */
import type { LiveEventData } from "../../../protocol/api.ts";
import { reconnectDelayMs } from "./backoff.ts";

/** `live`: events arrive; `lost`: cut, retrying; `connecting`: not there yet; `paused`: nobody looks. */
export type ConnectionState = "connecting" | "live" | "lost" | "paused";

/** What is used of an `EventSource`. */
export interface EventStream {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** Where the connection gets its stream, time and chance from. */
export interface ConnectionEnvironment {
  open(url: string): EventStream;
  /** Calls back once after `delayMs`; the function returned cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** Between 0 and 1. */
  random(): number;
}

/** Who is told what. */
export interface ConnectionHandlers {
  state(state: ConnectionState): void;
  snapshot(data: LiveEventData<"snapshot">): void;
  host(data: LiveEventData<"host">): void;
  removed(data: LiveEventData<"removed">): void;
  samples(data: LiveEventData<"samples">): void;
  /** The server refused the stream: look whether the session still holds. */
  refused(): void;
}

/** The connection. */
export interface LiveConnection {
  /** Connects, or connects anew when another host's samples are wanted. `undefined`: no host's. */
  follow(agentId: string | undefined): void;
  /** Closes while nobody looks. */
  pause(): void;
  /** Connects again after `pause`, or at once when a connection was lost. */
  resume(): void;
  close(): void;
}

/** Longest silence of a stream that is believed to live; the connection is then made anew. */
export const silenceLimitMs = 45_000;

/** `EventSource.CLOSED`: the browser gave up. */
const closed = 2;

/** Makes the connection; `follow` opens it. */
export function liveConnection(
  environment: ConnectionEnvironment,
  handlers: ConnectionHandlers,
): LiveConnection {
  let stream: EventStream | undefined;
  let followed: { readonly agentId: string | undefined } | undefined;
  let state: ConnectionState = "connecting";
  let attempt = 0;
  let cancelRetry = () => {};
  let cancelWatchdog = () => {};

  function become(next: ConnectionState): void {
    if (next === state) return;
    state = next;
    handlers.state(next);
  }

  function disconnect(): void {
    cancelRetry();
    cancelWatchdog();
    stream?.close();
    stream = undefined;
  }

  function heard(): void {
    attempt = 0;
    become("live");
    cancelWatchdog();
    cancelWatchdog = environment.after(silenceLimitMs, connect);
  }

  function connect(): void {
    disconnect();
    const agentId = followed?.agentId;
    const opened = environment.open(
      agentId === undefined ? "/api/v1/live" : `/api/v1/live?agent_id=${encodeURIComponent(agentId)}`,
    );
    stream = opened;
    const listen = <T>(event: string, handle: (data: T) => void) =>
      opened.addEventListener(event, ({ data }) => {
        if (stream !== opened) return; // A stream that was replaced may still deliver what it had buffered.
        heard();
        handle(JSON.parse(data));
      });
    listen("snapshot", handlers.snapshot);
    listen("host", handlers.host);
    listen("removed", handlers.removed);
    listen("samples", handlers.samples);
    opened.onopen = () => {
      if (stream === opened) heard();
    };
    opened.onerror = () => {
      if (stream !== opened) return;
      cancelWatchdog();
      become("lost");
      if (opened.readyState !== closed) return; // The browser retries by itself.
      disconnect();
      cancelRetry = environment.after(reconnectDelayMs(attempt++, environment.random()), connect);
      handlers.refused();
    };
  }

  return {
    follow(agentId) {
      if (followed !== undefined && followed.agentId === agentId && state !== "paused") return;
      followed = { agentId };
      become("connecting");
      connect();
    },
    pause() {
      disconnect();
      become("paused");
    },
    resume() {
      if (followed === undefined || (state !== "paused" && state !== "lost")) return;
      if (state === "paused") become("connecting");
      connect();
    },
    close() {
      disconnect();
      followed = undefined;
      become("connecting");
    },
  };
}
