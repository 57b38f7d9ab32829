/**
 * The commands that have not ended: in memory in the order of their asking, and on disk.
 *
 * A record is on disk before its command can be leased, and the lease is on disk before anybody sees the command: whatever
 * dies when, it is never run twice. `expires_at` bounds the state that a record is in: while queued, how long it may wait for
 * its agent; once leased, until when the agent must have answered.
 */
import { type Clock, timestampOf } from "../../lib/clock.ts";
import { logger } from "../../lib/log.ts";
import type { CommandRecord } from "../../protocol/command.ts";
import type { CommandEnding } from "../storage/command_table.ts";
import type { Store } from "../storage/store.ts";

const log = logger("server", "commands");

/** A command that has not ended. */
export interface UnfinishedCommand {
  readonly record: CommandRecord;
  /** `storing` and `settling`: its record is being written. */
  readonly phase: "storing" | "queued" | "leased" | "settling";
  /** Called when it has ended. */
  readonly waiters: Set<() => void>;
}

/** The commands that have not ended. */
export interface UnfinishedCommands {
  readonly size: number;
  /** Commands of an agent that are not leased yet. */
  waitingFor(agentId: string): number;
  get(id: string): UnfinishedCommand | undefined;
  /** True while a command is leased to the agent. */
  hasLeased(agentId: string): boolean;
  /** Takes up what an earlier run left: what was leased then still counts until its lease ends. */
  restore(): Promise<void>;
  /** Puts a new record on disk and in line. */
  add(record: CommandRecord): Promise<void>;
  /** Leases the agent's first command for `leaseMs`; `undefined` when none waits. */
  lease(agentId: string, leaseMs: number): Promise<CommandRecord | undefined>;
  /** Ends a command as its agent answered. When that can't be recorded it stays leased, and the error is thrown. */
  settle(command: UnfinishedCommand, ending: CommandEnding): Promise<void>;
  /** Stops the timers and wakes who waits. What is unfinished stays so on disk. */
  close(): void;
}

interface Entry extends UnfinishedCommand {
  record: CommandRecord;
  phase: UnfinishedCommand["phase"];
  cancelExpiry: () => void;
}

/** Makes an empty set. */
export function createUnfinishedCommands(clock: Clock, store: Pick<Store, "run">): UnfinishedCommands {
  const entries = new Map<string, Entry>();
  /** Those not leased yet, by agent. */
  const lines = new Map<string, Entry[]>();

  function insert(record: CommandRecord, phase: Entry["phase"]): Entry {
    const entry: Entry = { record, phase, cancelExpiry: () => {}, waiters: new Set() };
    entries.set(record.id, entry);
    if (phase !== "leased") lines.set(record.agent_id, [...lines.get(record.agent_id) ?? [], entry]);
    return entry;
  }

  function leaveLine(entry: Entry): void {
    const line = (lines.get(entry.record.agent_id) ?? []).filter((other) => other !== entry);
    if (line.length === 0) lines.delete(entry.record.agent_id);
    else lines.set(entry.record.agent_id, line);
  }

  function remove(entry: Entry): void {
    entry.cancelExpiry();
    leaveLine(entry);
    entries.delete(entry.record.id);
    for (const wake of entry.waiters) wake();
  }

  function expireInTime(entry: Entry): void {
    entry.cancelExpiry();
    const leftMs = Date.parse(entry.record.expires_at) - clock.now();
    entry.cancelExpiry = clock.after(Math.max(0, leftMs), () => {
      if (entry.phase === "queued" || entry.phase === "leased") void giveUp(entry);
    });
  }

  async function giveUp(entry: Entry): Promise<void> {
    const ending: CommandEnding = entry.phase === "leased"
      ? {
        status: "lost",
        error: "The agent fetched the command and did not answer in time. It is not run again.",
      }
      : { status: "expired", error: "The agent did not fetch the command in time." };
    entry.phase = "settling";
    const { id } = entry.record;
    try {
      await store.run("finishCommand", { id, finishedMs: clock.now(), ending });
    } catch (error) {
      // On disk it is unfinished and its time is up: the next start ends it.
      log.error("Cannot record that command {id} is {status}: {error}", { id, status: ending.status, error });
    }
    remove(entry);
  }

  return {
    get size() {
      return entries.size;
    },
    waitingFor: (agentId) => lines.get(agentId)?.length ?? 0,
    get: (id) => entries.get(id),
    hasLeased: (agentId) =>
      entries.values().some(({ record, phase }) => phase === "leased" && record.agent_id === agentId),
    async restore() {
      for (const record of await store.run("listUnfinishedCommands", null)) {
        expireInTime(insert(record, record.status === "leased" ? "leased" : "queued"));
      }
    },
    async add(record) {
      const entry = insert(record, "storing");
      try {
        await store.run("insertCommand", record);
      } catch (cause) {
        remove(entry);
        throw new Error(`Cannot record command ${record.id}`, { cause });
      }
      entry.phase = "queued";
      expireInTime(entry);
    },
    async lease(agentId, leaseMs) {
      const entry = lines.get(agentId)?.[0];
      if (entry?.phase !== "queued") return undefined;
      leaveLine(entry);
      entry.phase = "storing";
      const nowMs = clock.now();
      const { id } = entry.record;
      try {
        await store.run("leaseCommand", { id, leasedMs: nowMs, expiresMs: nowMs + leaseMs });
      } catch (cause) {
        // Whether the lease is on disk is not known, so nobody may be given the command any more.
        entry.phase = "leased";
        await giveUp(entry);
        throw new Error(`Cannot record the lease of command ${id}`, { cause });
      }
      entry.record = {
        ...entry.record,
        status: "leased",
        leased_at: timestampOf(nowMs),
        expires_at: timestampOf(nowMs + leaseMs),
      };
      entry.phase = "leased";
      expireInTime(entry);
      return entry.record;
    },
    async settle(command, ending) {
      const { id } = command.record;
      const entry = entries.get(id);
      if (entry?.phase !== "leased") throw new Error(`Command ${id} is not leased`);
      entry.phase = "settling";
      try {
        await store.run("finishCommand", { id, finishedMs: clock.now(), ending });
      } catch (cause) {
        entry.phase = "leased";
        expireInTime(entry);
        throw new Error(`Cannot record the result of command ${id}`, { cause });
      }
      remove(entry);
    },
    close() {
      for (const entry of entries.values()) {
        entry.cancelExpiry();
        for (const wake of entry.waiters) wake();
      }
    },
  };
}
