/**
 * `WATCH` commands: in memory only, one per agent. They are renewed while somebody looks and end by themselves, so a lost
 * one costs nothing and nothing of them is recorded.
 */
import { type Clock, timestampOf } from "../../lib/clock.ts";
import { randomBase64Url } from "../../lib/random.ts";
import type { WatchRequest } from "../services.ts";

/** A `WATCH` as an agent's poll hands it out. */
export interface WatchCommand {
  readonly id: string;
  readonly type: "WATCH";
  readonly args: {
    readonly types: readonly string[];
    readonly interval_seconds: number;
    readonly until: string;
  };
  readonly expiresAt: string;
}

/** The watches that wait for their agents' polls. */
export interface Watches {
  /** Asks for a watch; merged with one that still waits: all types, the shorter interval, the later end. */
  add(agentId: string, request: WatchRequest): void;
  /** The agent's waiting watch, taken out; `undefined` when there is none or its time has passed. */
  take(agentId: string): WatchCommand | undefined;
  /** True for the id of the watch that the agent was last given: its answer says nothing, but is no error. */
  wasGiven(agentId: string, id: string): boolean;
  /** True when the agent was given a watch. */
  hasGiven(agentId: string): boolean;
  /** Forgets a removed agent. */
  forget(agentId: string): void;
}

/** Makes an empty set of watches. */
export function createWatches(clock: Clock): Watches {
  const waiting = new Map<string, WatchRequest>();
  const given = new Map<string, string>();
  return {
    add(agentId, request) {
      const before = waiting.get(agentId);
      waiting.set(
        agentId,
        before === undefined ? request : {
          types: [...new Set([...before.types, ...request.types])],
          intervalSeconds: Math.min(before.intervalSeconds, request.intervalSeconds),
          untilMs: Math.max(before.untilMs, request.untilMs),
        },
      );
    },
    take(agentId) {
      const request = waiting.get(agentId);
      waiting.delete(agentId);
      if (request === undefined || request.untilMs <= clock.now()) return undefined;
      const id = randomBase64Url(16);
      given.set(agentId, id);
      const until = timestampOf(request.untilMs);
      return {
        id,
        type: "WATCH",
        args: { types: request.types, interval_seconds: request.intervalSeconds, until },
        expiresAt: until,
      };
    },
    wasGiven: (agentId, id) => given.get(agentId) === id,
    hasGiven: (agentId) => given.has(agentId),
    forget(agentId) {
      waiting.delete(agentId);
      given.delete(agentId);
    },
  };
}
