/**
 * Latest state of every host, in memory: what lists show, and the newest envelope of each type.
 *
 * Of the types that v1 agents send one element at a time (`disk`, `network` …) the newest envelope of each element is
 * kept. `heads_persistence.ts` keeps all of it over a restart.
 */
import { type Clock, timestampOf } from "../lib/clock.ts";
import type { HostDetail, HostFigures, HostSummary } from "../protocol/api.ts";
import type { Envelope } from "../protocol/envelope.ts";
import { elementKeys } from "../protocol/metrics/mod.ts";
import { type Agent, silentMs } from "./agents.ts";
import { clockToleranceMs } from "./batch.ts";
import { figuresOf, interfacesOf, type InterfaceTraffic, trafficOf } from "./host_figures.ts";
import { bootIdOf } from "./rates.ts";

/** How a host is, in one word. */
export type HostStatus = HostSummary["status"];

/** Latest state of every host. */
export interface Heads {
  /** Takes in envelopes that are on disk. Older ones than what is known change nothing, so their order does not matter. */
  apply(agent: Agent, envelopes: readonly Envelope[]): void;
  /** The same for what came in an earlier run: it says nothing of the host's pace, and gives it time to send again. */
  restore(agent: Agent, envelopes: readonly Envelope[]): void;
  figures(agent: Agent): HostFigures;
  status(agent: Agent): HostStatus;
  /** The host as lists show it. */
  summary(agent: Agent): HostSummary;
  /** The newest envelope of each type, and of each element where those came singly. */
  latest(agent: Agent): HostDetail["latest"];
  /** The newest envelopes of hosts that changed since the last call. */
  takeChanged(): { readonly agentId: string; readonly envelopes: readonly Envelope[] }[];
  /** Forgets a host that was removed. */
  forget(agent: Agent): void;
  /** Says that what {@linkcode Heads.takeChanged} gave was not saved after all. */
  putBack(agentIds: readonly string[]): void;
}

/** Not heard of for this long, by any request: offline. */
const offlineMs = 60_000;
/** A host may miss about two of its batches, within these bounds, before it counts as late, whatever else it asks. */
const lateMs = { min: 15_000, max: 900_000, batches: 3 };
/** Pace of a host whose pace is not known yet. */
const assumedPaceMs = 15_000;
/** Most newest envelopes kept per host; what was not renewed for longest goes first. */
const maxEnvelopes = 5000;
/** An element (`disk`, `process` …) that was not sent for this long beside what else the host sends is gone. */
const elementGoneMs = 10 * 60_000;

interface Known {
  readonly envelope: Envelope;
  readonly atMs: number;
}

interface Head {
  /** By type, and by element where those come singly. The least recently renewed first. */
  readonly known: Map<string, Known>;
  readonly traffic: Map<string, InterfaceTraffic>;
  bootId: string | undefined;
  newestMs: number;
  figures: HostFigures | undefined;
  /** When the last batch came, and how long after the one before, on the monotonic clock. */
  batchAtMs: number | undefined;
  paceMs: number | undefined;
}

/** Makes heads that know nothing. */
export function createHeads(clock: Clock): Heads {
  const heads = new Map<string, Head>();
  const changed = new Set<string>();

  function headOf(agent: Agent): Head {
    let head = heads.get(agent.id);
    if (head === undefined) {
      head = {
        known: new Map(),
        traffic: new Map(),
        bootId: undefined,
        newestMs: 0,
        figures: undefined,
        batchAtMs: undefined,
        paceMs: undefined,
      };
      heads.set(agent.id, head);
    }
    return head;
  }

  function figures(agent: Agent): HostFigures {
    const head = headOf(agent);
    return head.figures ??= figuresOf([...head.known.values()].map(({ envelope }) => envelope), head.traffic);
  }

  function status(agent: Agent): HostStatus {
    if (agent.lastSeenMs === undefined) return "waiting";
    const head = headOf(agent);
    if ((silentMs(agent, clock) ?? 0) > offlineMs) return "offline";
    if (head.known.size === 0 || head.batchAtMs === undefined) return "waiting";
    const graceMs = (head.paceMs ?? assumedPaceMs) * lateMs.batches;
    const boundMs = Math.min(Math.max(graceMs, lateMs.min), lateMs.max);
    return clock.monotonicMs() - head.batchAtMs <= boundMs ? "online" : "late";
  }

  function take(agent: Agent, head: Head, envelopes: readonly Envelope[]): void {
    const latestMs = clock.now() + clockToleranceMs;
    for (const envelope of envelopes) applyEnvelope(head, envelope, latestMs);
    head.figures = undefined;
    changed.add(agent.id);
  }

  return {
    apply(agent, envelopes) {
      const head = headOf(agent);
      const nowMs = clock.monotonicMs();
      // Halved from batch to batch, so that two in quick succession do not make a slow host look late.
      if (head.batchAtMs !== undefined) {
        head.paceMs = Math.max(nowMs - head.batchAtMs, (head.paceMs ?? 0) / 2);
      }
      head.batchAtMs = nowMs;
      take(agent, head, envelopes);
    },
    restore(agent, envelopes) {
      const head = headOf(agent);
      head.batchAtMs ??= clock.monotonicMs();
      take(agent, head, envelopes);
    },
    figures,
    status,
    summary(agent) {
      return {
        agent_id: agent.id,
        hostname: agent.hostname,
        tenant: agent.tenant,
        anonymous: agent.anonymous,
        status: status(agent),
        ...(agent.lastSeenMs === undefined ? {} : { last_seen: timestampOf(agent.lastSeenMs) }),
        registered_at: timestampOf(agent.registeredAtMs),
        info: agent.info,
        figures: figures(agent),
      };
    },
    latest(agent) {
      return [...headOf(agent).known.values()].map(({ envelope: { type, timestamp, data } }) => ({
        type,
        timestamp,
        data,
      }));
    },
    takeChanged() {
      const taken = [...changed].map((agentId) => {
        const head = heads.get(agentId);
        if (head === undefined) return { agentId, envelopes: [] };
        dropGoneElements(head);
        return { agentId, envelopes: [...head.known.values()].map(({ envelope }) => envelope) };
      });
      changed.clear();
      return taken;
    },
    forget(agent) {
      heads.delete(agent.id);
      changed.delete(agent.id);
    },
    putBack(agentIds) {
      for (const agentId of agentIds) changed.add(agentId);
    },
  };
}

// What is known of a time after `latestMs` was noted before the server's clock was set back: it must not outlive what comes.
function applyEnvelope(head: Head, envelope: Envelope, latestMs: number): void {
  const atMs = Date.parse(envelope.timestamp);
  const key = keyOf(envelope);
  const known = head.known.get(key);
  if (known !== undefined && known.atMs > atMs && known.atMs <= latestMs) return;
  head.known.delete(key); // and back in, as the most recently renewed
  head.known.set(key, { envelope, atMs });
  if (head.known.size > maxEnvelopes) {
    for (const oldest of head.known.keys()) {
      head.known.delete(oldest);
      break;
    }
  }
  head.newestMs = head.newestMs > latestMs ? atMs : Math.max(head.newestMs, atMs);
  const bootId = bootIdOf(envelope);
  if (bootId !== undefined) {
    if (head.bootId !== undefined && head.bootId !== bootId) head.traffic.clear();
    head.bootId = bootId;
  }
  applyTraffic(head, envelope, atMs, latestMs);
}

function keyOf(envelope: Envelope): string {
  const keys = elementKeys[envelope.type];
  if (keys === undefined) return envelope.type;
  const data: Readonly<Record<string, unknown>> = envelope.data;
  return `${envelope.type} ${JSON.stringify(keys.map((key) => data[key]))}`;
}

function applyTraffic(head: Head, envelope: Envelope, atMs: number, latestMs: number): void {
  const found = interfacesOf(envelope);
  if (found === undefined) return;
  const previous = new Map(head.traffic);
  if (found.complete) head.traffic.clear();
  for (const [name, traffic] of head.traffic) if (traffic.atMs > latestMs) head.traffic.delete(name);
  for (const network of found.interfaces) {
    const before = previous.get(network.interface);
    // A reading of the same moment (a batch sent twice by a v1 agent) would end the rate.
    const repeated = before !== undefined && before.atMs === atMs;
    head.traffic.set(network.interface, repeated ? before : trafficOf(network, atMs, before));
  }
}

function dropGoneElements(head: Head): void {
  for (const [key, { envelope, atMs }] of head.known) {
    if (elementKeys[envelope.type] !== undefined && atMs < head.newestMs - elementGoneMs) {
      head.known.delete(key);
      if (envelope.type === "network") head.traffic.delete(envelope.data.interface);
      head.figures = undefined;
    }
  }
}
