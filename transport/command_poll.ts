/**
 * Fetches commands by long-poll and posts their results. The open poll is also the agent's heartbeat.
 *
 * Invariants: a command id is executed at most once, whatever the server repeats; two polls never start within
 * {@linkcode minimumPollSpacingMs}; commands run beside the poll, so a slow one leaves the heartbeat alone.
 */
import * as z from "zod/mini";
import { sleep } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import { type Command, type CommandResult, commandSchema } from "../protocol/command.ts";
import { limits } from "../protocol/limits.ts";
import { backoffDelayMs, minimumDelayMs, probeDelayMs, retryAfterMs } from "./backoff.ts";
import { postResult, type ResultDelivery } from "./command_result.ts";
import { answerText, type HttpOutcome } from "./http.ts";

const log = logger("agent", "commands");

/** Shortest time between the starts of two polls. */
export const minimumPollSpacingMs = 100;

/** How much longer than its wait a poll may take before the connection counts as dead. */
const pollGraceMs = 15_000;

/** How long the result of a command without an end is tried to be delivered. */
const defaultLifetimeMs = 300_000;

/** Commands that are at work or whose result is on its way; more are not fetched. */
const maximumCommandsInFlight = 16;

const rememberedIds = 1_024;

/** A command with what the agent needs to judge times in it by the server's clock. */
export interface ReceivedCommand {
  readonly command: Command;
  /** Time left until it expires. */
  readonly lifetimeMs: number;
  /** The server's clock minus this machine's. */
  readonly serverAheadMs: number;
}

/** What the poll is made of. */
export interface CommandPollOptions extends ResultDelivery {
  /** How long the server may hold a poll open. */
  readonly waitSeconds: number;
  /** Runs a command. Must not throw: a failure is a result with `error`. */
  execute(received: ReceivedCommand, stop: AbortSignal): Promise<CommandResult>;
}

/**
 * Polls until `stop` is aborted; resolves when the commands at work have noticed that too, at the latest when `abandon`
 * is aborted.
 */
export async function runCommandPoll(
  options: CommandPollOptions,
  stop: AbortSignal,
  abandon: AbortSignal,
): Promise<void> {
  const { clock, http, credentials, hostname, execute, random } = options;
  const waitSeconds = Math.min(limits.pollSeconds, Math.max(1, Math.round(options.waitSeconds)));
  const host = encodeURIComponent(hostname);
  const seenIds = new Set<string>();
  const inFlight = new Set<Promise<void>>();
  let failuresInARow = 0;

  /** One poll. The pause before the next in ms. */
  const poll = async (key: string): Promise<number> => {
    const startedMs = clock.monotonicMs();
    const outcome = await http.send({
      method: "GET",
      path: `/api/v1/agent/command?hostname=${host}&wait=${waitSeconds}`,
      headers: { authorization: `Bearer ${key}` },
      deadlineMs: waitSeconds * 1_000 + pollGraceMs,
      signal: stop,
    });
    if (stop.aborted) return 0;
    const tookMs = clock.monotonicMs() - startedMs;
    if (outcome.ok && outcome.status === 204) {
      succeed();
      return Math.max(0, minimumDelayMs - tookMs);
    }
    if (outcome.ok && outcome.status === 200) {
      const parsed = z.safeParse(commandSchema, outcome.json);
      if (parsed.success) {
        succeed();
        const isNew = accept(parsed.data, outcome.serverNowMs);
        return Math.max(0, (isNew ? minimumPollSpacingMs : minimumDelayMs) - tookMs);
      }
    }
    return await fail(outcome, key);
  };

  const succeed = (): void => {
    if (failuresInARow > 0) log.info("Commands can be fetched again");
    failuresInARow = 0;
  };

  const fail = async (outcome: HttpOutcome, key: string): Promise<number> => {
    failuresInARow++;
    const words = answerText(outcome);
    const message = "Cannot fetch commands: {words}";
    if (failuresInARow === 1) log.warning(message, { words });
    else log.debug(message, { words });
    if (!outcome.ok) return backoffDelayMs(failuresInARow, random());
    if (outcome.status === 403) return probeDelayMs(random());
    if (outcome.status === 401 && !await credentials.renew(key, stop)) return probeDelayMs(random());
    const askedMs = retryAfterMs(outcome.headers.get("retry-after"), outcome.serverNowMs) ?? 0;
    return Math.max(askedMs, backoffDelayMs(failuresInARow, random()));
  };

  /** Starts a command unless it was seen before. True when it is new. */
  const accept = (command: Command, serverNowMs: number): boolean => {
    if (seenIds.has(command.id)) {
      log.debug("Command {id} came again and is not run again", { id: command.id });
      return false;
    }
    seenIds.add(command.id);
    const [oldest] = seenIds;
    if (seenIds.size > rememberedIds && oldest !== undefined) seenIds.delete(oldest);
    const expiresMs = Date.parse(command.expires_at ?? "");
    const lifetimeMs = Number.isNaN(expiresMs) ? defaultLifetimeMs : expiresMs - serverNowMs;
    if (lifetimeMs <= 0) {
      log.warning("Command {id} ({type}) had expired when it came and is not run", {
        id: command.id,
        type: command.type,
      });
      return true;
    }
    const work = handle({ command, lifetimeMs, serverAheadMs: serverNowMs - clock.now() })
      .finally(() => inFlight.delete(work));
    inFlight.add(work);
    return true;
  };

  const handle = async (received: ReceivedCommand): Promise<void> => {
    const endMs = clock.monotonicMs() + received.lifetimeMs;
    const result = await execute(received, stop);
    await postResult(options, result, endMs, stop);
  };

  while (!stop.aborted) {
    const key = await credentials.key(stop);
    if (key === undefined) break;
    const pauseMs = await poll(key);
    if (pauseMs > 0) await sleep(clock, pauseMs, stop);
    while (inFlight.size >= maximumCommandsInFlight && !stop.aborted) {
      await Promise.race([...inFlight, aborted(stop)]);
    }
  }
  if (inFlight.size > 0) await Promise.race([Promise.allSettled(inFlight), aborted(abandon)]);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
