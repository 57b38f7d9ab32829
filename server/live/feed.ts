/**
 * The live feed: what changes, to every browser that listens.
 *
 * Nothing is computed while nobody listens. A feed that lost its last browser goes on for a while, so that a browser that
 * comes back after a cut gets what it missed; after that it starts anew, and who comes back gets a snapshot.
 */
import { type Clock, timestampOf } from "../../lib/clock.ts";
import type { LiveEvent } from "../../protocol/api.ts";
import type { Agent, AgentDirectory } from "../agents.ts";
import type { Heads, HostStatus } from "../heads.ts";
import { createRateTracker, type RateTracker } from "../rates.ts";
import type { CommandQueue, LiveFeed } from "../services.ts";
import { createHostChanges } from "./host_changes.ts";
import { createRing, type NumberedEvent } from "./ring.ts";
import { createSubscriber, type Subscriber } from "./subscriber.ts";
import { createWatcher } from "./watch.ts";

/** Bounds of the feed. */
export const feedLimits = {
  subscribers: 200,
  ring: { events: 5000, characters: 4 * 1024 * 1024 },
  /** How long events are recorded for a browser that may come back. */
  lingerMs: 60_000,
  /** How often hosts are looked over for those that fell silent. */
  statusEveryMs: 2000,
} as const;

/** What the feed works with. */
export interface LiveFeedOptions {
  readonly clock: Clock;
  readonly agents: Pick<AgentDirectory, "all" | "byId">;
  readonly heads: Pick<Heads, "summary" | "status">;
  readonly commands: Pick<CommandQueue, "watch">;
}

/** A host whose samples are recorded. */
interface Sampled {
  lookers: number;
  readonly rates: RateTracker;
  /** Number of the newest event when the recording began. */
  readonly sinceNumber: number;
  cancelEnd: () => void;
}

/** Makes the feed. */
export function createLiveFeed({ clock, agents, heads, commands }: LiveFeedOptions): LiveFeed {
  const ring = createRing(feedLimits.ring);
  const subscribers = new Set<Subscriber>();
  const sampled = new Map<string, Sampled>();
  /** The status of each host as it was last announced. */
  const announced = new Map<string, HostStatus>();
  const watcher = createWatcher(clock, commands);
  const changes = createHostChanges(clock, announce);
  let lastSnapshot: { readonly atMs: number; readonly event: NumberedEvent } | undefined;
  let recording = false;
  let closed = false;
  let cancelStatusTimer = () => {};
  let cancelEnd = () => {};

  function publish(event: LiveEvent): void {
    const numbered = ring.push(event);
    const agentId = event.event === "samples" ? event.data.agent_id : undefined;
    for (const subscriber of subscribers) {
      if (agentId === undefined || agentId === subscriber.agentId) subscriber.offer(numbered);
    }
  }

  function announce(agent: Agent): void {
    const data = heads.summary(agent);
    announced.set(agent.id, data.status);
    publish({ event: "host", data });
  }

  /** Made once for all browsers that need it between two events: many come at once when a server restarts. */
  function snapshot(): NumberedEvent {
    const now = clock.now();
    const isCurrent = lastSnapshot?.event.number === ring.newest && now - lastSnapshot.atMs < 1000;
    if (lastSnapshot !== undefined && isCurrent) return lastSnapshot.event;
    const hosts = [...agents.all()].map((agent) => heads.summary(agent));
    const event = ring.stamp({ event: "snapshot", data: { server_time: timestampOf(now), hosts } });
    lastSnapshot = { atMs: now, event };
    return event;
  }

  function lookOver(): void {
    for (const agent of agents.all()) {
      if (heads.status(agent) !== announced.get(agent.id)) changes.note(agent);
    }
    cancelStatusTimer = clock.after(feedLimits.statusEveryMs, lookOver);
  }

  function startRecording(): void {
    cancelEnd();
    if (recording) return;
    recording = true;
    ring.clear();
    for (const agent of agents.all()) announced.set(agent.id, heads.status(agent));
    cancelStatusTimer = clock.after(feedLimits.statusEveryMs, lookOver);
  }

  function stopRecording(): void {
    recording = false;
    cancelStatusTimer();
    changes.clear();
    announced.clear();
    ring.clear();
  }

  function look(agent: Agent): void {
    watcher.look(agent);
    let entry = sampled.get(agent.id);
    if (entry === undefined) {
      entry = { lookers: 0, rates: createRateTracker(), sinceNumber: ring.skip(), cancelEnd: () => {} };
      sampled.set(agent.id, entry);
    }
    entry.cancelEnd();
    entry.lookers++;
  }

  function leave(agent: Agent): void {
    watcher.leave(agent);
    const entry = sampled.get(agent.id);
    if (entry === undefined || --entry.lookers > 0) return;
    entry.cancelEnd = clock.after(feedLimits.lingerMs, () => sampled.delete(agent.id));
  }

  function missedSince(lastEventId: string | undefined, agent: Agent | undefined) {
    const number = lastEventId === undefined ? undefined : ring.numberOf(lastEventId);
    if (number === undefined) return undefined;
    if (agent !== undefined && number < (sampled.get(agent.id)?.sinceNumber ?? Infinity)) return undefined;
    return ring.since(number)?.filter((event) =>
      event.event !== "samples" || event.data.agent_id === agent?.id
    );
  }

  return {
    published(agent, envelopes) {
      if (!recording) return;
      changes.note(agent);
      for (const { atMs, values } of sampled.get(agent.id)?.rates.take(envelopes) ?? []) {
        publish({
          event: "samples",
          data: { agent_id: agent.id, at: atMs, values: Object.fromEntries(values) },
        });
      }
    },
    hostChanged(agent) {
      if (recording) changes.note(agent);
    },
    hostRemoved(agent) {
      if (!recording) return;
      changes.forget(agent);
      announced.delete(agent.id);
      publish({ event: "removed", data: { agent_id: agent.id } });
    },
    subscribe({ agentId, lastEventId }) {
      if (closed || subscribers.size >= feedLimits.subscribers) return undefined;
      startRecording();
      const agent = agentId === undefined ? undefined : agents.byId(agentId);
      const missed = missedSince(lastEventId, agent);
      if (agent !== undefined) look(agent);
      const subscriber = createSubscriber({
        agentId,
        missed,
        snapshot,
        onClose() {
          subscribers.delete(subscriber);
          if (closed) return;
          if (agent !== undefined) leave(agent);
          if (subscribers.size === 0) cancelEnd = clock.after(feedLimits.lingerMs, stopRecording);
        },
      });
      subscribers.add(subscriber);
      return subscriber;
    },
    get subscribers() {
      return subscribers.size;
    },
    close() {
      closed = true;
      watcher.close();
      for (const subscriber of [...subscribers]) subscriber.close();
      for (const entry of sampled.values()) entry.cancelEnd();
      cancelEnd();
      stopRecording();
    },
  };
}
