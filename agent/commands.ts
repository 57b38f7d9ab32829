/** Runs the commands that the server sends: checks them, one diagnostic at a time, each under a deadline. */
import * as z from "zod/mini";
import type { Host } from "../collectors/collector.ts";
import type { DiagnosticDefinition } from "../diagnostics/diagnostic.ts";
import { DeadlineError, withDeadline } from "../lib/clock.ts";
import { errorChain, logger } from "../lib/log.ts";
import { type Command, type CommandResult, commandSchemas } from "../protocol/command.ts";
import { firstIssue } from "../protocol/issue.ts";
import { limits } from "../protocol/limits.ts";
import type { ReceivedCommand } from "../transport/command_poll.ts";
import type { Watch } from "./watch.ts";

const log = logger("agent", "commands");

/** Of the time until a command expires, what is kept for its result to arrive. */
const deliveryReserveMs = 5_000;

/** Longest run of one command, also of one that does not say when it expires. */
const commandDeadlineMs = limits.commandLeaseSeconds * 1_000 - deliveryReserveMs;

/** How long a diagnostic may take to give what it has after its time is up. */
const graceMs = 1_000;

/** Diagnostics that may wait for the one at work. */
const maximumWaiting = 8;

/** What a runner is made of. */
export interface CommandRunnerOptions {
  readonly host: Host;
  readonly diagnostics: readonly DiagnosticDefinition[];
  readonly watch: Watch;
}

/** Runs commands. */
export interface CommandRunner {
  /** Kinds of command that this agent can run. */
  readonly capabilities: readonly string[];
  /** Runs one. Never rejects: a failure is a result with `error`. */
  execute(received: ReceivedCommand, stop: AbortSignal): Promise<CommandResult>;
}

/** Makes a runner. */
export function commandRunner({ host, diagnostics, watch }: CommandRunnerOptions): CommandRunner {
  const able = diagnostics.filter(({ systems }) => systems.includes(host.os));
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const runDiagnostic = async (
    definition: DiagnosticDefinition,
    command: Command,
    endMs: number,
    stop: AbortSignal,
  ): Promise<unknown> => {
    const limitMs = Math.min(commandDeadlineMs, endMs - host.clock.monotonicMs());
    if (limitMs <= 0) throw new Error(`${command.type} expired while it waited for its turn: ask again`);
    const timeUp = new AbortController();
    const cancel = host.clock.after(limitMs, () => timeUp.abort(new Error("time is up")));
    try {
      const signal = AbortSignal.any([stop, timeUp.signal]);
      const work = definition.run(command.args ?? {}, { host, clock: host.clock, signal });
      return await withDeadline(host.clock, limitMs + graceMs, command.type, work);
    } finally {
      cancel();
    }
  };

  /** Waits for its turn: diagnostics are heavy, and the host has other work. */
  const inTurn = async (run: () => Promise<unknown>): Promise<unknown> => {
    if (waiting >= maximumWaiting) throw new Error(`busy: ${waiting} commands wait already, ask again later`);
    waiting++;
    const turn = last.then(run);
    last = turn.catch(() => {}).finally(() => waiting--); // Its own caller reports a failure.
    return await turn;
  };

  const payloadOf = async (received: ReceivedCommand, stop: AbortSignal): Promise<unknown> => {
    const { command, lifetimeMs, serverAheadMs } = received;
    if (command.type === "WATCH") {
      const args = z.safeParse(commandSchemas.WATCH.args, command.args);
      if (!args.success) throw new Error(`WATCH: ${firstIssue(args.error)}`);
      watch.begin(args.data, serverAheadMs);
      return undefined;
    }
    const definition = able.find(({ type }) => type === command.type);
    if (definition === undefined) {
      throw new Error(`unsupported: ${command.type} is not a command that this agent can run`);
    }
    log.info("Running command {id}: {type}", { id: command.id, type: command.type });
    const endMs = host.clock.monotonicMs() + Math.max(graceMs, lifetimeMs - deliveryReserveMs);
    return await inTurn(() => runDiagnostic(definition, command, endMs, stop));
  };

  return {
    capabilities: [...able.map(({ type }) => type), "WATCH"],
    async execute(received, stop) {
      const { id, type } = received.command;
      try {
        const payload = await payloadOf(received, stop);
        return payload === undefined ? { id, type } : { id, type, payload };
      } catch (error) {
        if (error instanceof DeadlineError) log.warning("Command {id} ({type}) hangs", { id, type });
        return { id, type, error: errorChain(error).slice(0, 4_096) };
      }
    },
  };
}
