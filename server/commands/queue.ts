/**
 * Commands between those who ask and the agents that run them: limits, long-polls, results.
 *
 * What has not ended is kept by `unfinished.ts`; what has ended is only on disk.
 */
import { type Clock, timestampOf } from "../../lib/clock.ts";
import { logger } from "../../lib/log.ts";
import { randomBase64Url } from "../../lib/random.ts";
import { limits } from "../../protocol/limits.ts";
import type { Agent } from "../agents.ts";
import type { Heads } from "../heads.ts";
import type { CommandQueue } from "../services.ts";
import type { Store } from "../storage/store.ts";
import { createPolls } from "./polls.ts";
import { judgeResult } from "./result.ts";
import { supports, unsupportedDetail } from "./support.ts";
import { createUnfinishedCommands } from "./unfinished.ts";
import { createWatches } from "./watches.ts";

const log = logger("server", "commands");

/** Bounds of the queue. */
export const queueLimits = {
  /** Commands waiting for one agent. */
  perAgent: 100,
  /** Commands waiting or running, of all agents. */
  total: 10_000,
  /** Agents that poll at once. */
  polls: 5_000,
  /** How long a command waits for an agent that should be there. */
  interactiveMs: 60_000,
  /** How long a command waits for an agent that is offline. */
  offlineMs: 24 * 3_600_000,
} as const;

/** What is kept of commands that have ended. */
const keptCommands = { days: 30, records: 10_000, resultBytes: 256 * 1024 * 1024 } as const;
/** Every how many new commands the rest is deleted. */
const pruneEvery = 100;

/** What the queue works with. */
export interface CommandQueueOptions {
  readonly clock: Clock;
  readonly store: Pick<Store, "run">;
  readonly heads: Pick<Heads, "status">;
}

/** Makes the queue and takes up what an earlier run left unfinished. */
export async function createCommandQueue(options: CommandQueueOptions): Promise<CommandQueue> {
  const { clock, store, heads } = options;
  const polls = createPolls(clock);
  const watches = createWatches(clock);
  const unfinished = createUnfinishedCommands(clock, store);
  let closed = false;
  let asked = 0;
  const prune = async () => {
    const finishedSinceMs = clock.now() - keptCommands.days * 24 * 3_600_000;
    const { records, resultBytes } = keptCommands;
    try {
      await store.run("pruneCommands", { finishedSinceMs, records, resultBytes });
    } catch (error) {
      log.error("Cannot delete old commands, will try again: {error}", { error });
    }
  };
  const isOffline = (agent: Agent) =>
    !polls.has(agent.id) && (agent.lastSeenMs === undefined || heads.status(agent) === "offline");
  await prune();
  await unfinished.restore();

  return {
    async enqueue({ agent, type, args, askedBy, evenOffline }) {
      if (!supports(agent, type)) return { ok: false, status: 422, detail: unsupportedDetail(agent, type) };
      if (!evenOffline && isOffline(agent)) {
        const detail = `Host "${agent.hostname}" is offline. With queue=true the command waits for it.`;
        return { ok: false, status: 409, detail };
      }
      if (unfinished.waitingFor(agent.id) >= queueLimits.perAgent) {
        const detail =
          `${queueLimits.perAgent} commands wait for host "${agent.hostname}" already: try later.`;
        return { ok: false, status: 503, detail };
      }
      if (unfinished.size >= queueLimits.total) {
        return { ok: false, status: 503, detail: `${queueLimits.total} commands are unfinished: try later.` };
      }
      const nowMs = clock.now();
      const record = {
        id: randomBase64Url(16),
        agent_id: agent.id,
        hostname: agent.hostname,
        type,
        args: { ...args },
        status: "queued" as const,
        asked_by: askedBy,
        created_at: timestampOf(nowMs),
        expires_at: timestampOf(nowMs + (evenOffline ? queueLimits.offlineMs : queueLimits.interactiveMs)),
      };
      await unfinished.add(record);
      polls.wake(agent.id);
      if (++asked % pruneEvery === 0) await prune();
      return { ok: true, record };
    },

    async next(agent, waitSeconds, signal) {
      if (closed) return undefined;
      const poll = polls.open(agent.id, waitSeconds * 1000, signal);
      try {
        while (!poll.ended) {
          const watch = watches.take(agent.id);
          if (watch !== undefined) return watch;
          const record = await unfinished.lease(agent.id, limits.commandLeaseSeconds * 1_000);
          if (record !== undefined) {
            return { id: record.id, type: record.type, args: record.args, expiresAt: record.expires_at };
          }
          await poll.event();
        }
        return undefined;
      } finally {
        poll.end();
      }
    },

    async finish(agent, result) {
      const refused = (detail: string) => ({ ok: false as const, detail });
      if (result.type === "WATCH" && watches.wasGiven(agent.id, result.id)) {
        if (result.error) {
          log.debug("Agent {id} does not watch: {error}", { id: agent.id, error: result.error });
        }
        return { ok: true };
      }
      const command = unfinished.get(result.id);
      const record = command?.record ?? await store.run("getCommand", result.id);
      // An agent learns nothing about the commands of another: a foreign id is answered like one that never was.
      if (record === undefined || record.agent_id !== agent.id) return refused("There is no such command.");
      if (command === undefined) return refused(`Command ${record.id} has ended as ${record.status}.`);
      if (command.phase === "settling") return refused(`Command ${record.id} has ended.`);
      if (command.phase !== "leased") return refused(`Command ${record.id} was not fetched.`);
      if (clock.now() >= Date.parse(record.expires_at)) return refused(`Command ${record.id} has expired.`);
      if (record.type !== result.type) return refused(`Command ${record.id} is of type ${record.type}.`);
      await unfinished.settle(command, judgeResult(record.type, result));
      return { ok: true };
    },

    async waitFor(id, waitSeconds, signal) {
      const waiters = unfinished.get(id)?.waiters;
      if (waiters !== undefined && !closed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            cancelTimer();
            signal.removeEventListener("abort", wake);
            waiters.delete(wake);
            resolve();
          };
          const cancelTimer = clock.after(waitSeconds * 1000, wake);
          signal.addEventListener("abort", wake);
          waiters.add(wake);
        });
      }
      return unfinished.get(id)?.record ?? await store.run("getCommand", id);
    },

    async get(id) {
      return unfinished.get(id)?.record ?? await store.run("getCommand", id);
    },
    list: (filter) => store.run("listCommands", filter),
    watch(agent, request) {
      if (!supports(agent, "WATCH")) return;
      watches.add(agent.id, request);
      polls.wake(agent.id);
    },
    expectsResult: (agent) => watches.hasGiven(agent.id) || unfinished.hasLeased(agent.id),
    hasRoomFor: (agent) => polls.size < queueLimits.polls || polls.has(agent.id),
    forget: (agent) => watches.forget(agent.id),
    get openPolls() {
      return polls.size;
    },
    close() {
      closed = true;
      polls.endAll();
      unfinished.close();
    },
  };
}
