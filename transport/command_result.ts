/** Brings the result of a command to the server, trying again while the command has not expired. */
import { type Clock, sleep } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import type { CommandResult } from "../protocol/command.ts";
import { limits } from "../protocol/limits.ts";
import { backoffDelayMs } from "./backoff.ts";
import { gzip } from "./codec.ts";
import type { Credentials } from "./credentials.ts";
import { answerText, type HttpClient, type HttpOutcome } from "./http.ts";

const log = logger("agent", "commands");

const resultDeadlineMs = 30_000;

/** What posting needs. */
export interface ResultDelivery {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly credentials: Credentials;
  readonly hostname: string;
  /** A number in [0, 1). */
  random(): number;
}

/** Posts a result, gzipped; `endMs`, on the monotonic clock, is when nobody waits for it any more. */
export async function postResult(
  { clock, http, credentials, hostname, random }: ResultDelivery,
  result: CommandResult,
  endMs: number,
  stop: AbortSignal,
): Promise<void> {
  const { id } = result;
  const body = await gzip(encodeResult(result));
  for (let failures = 1; !stop.aborted; failures++) {
    const key = await credentials.key(stop);
    if (key === undefined) return;
    const outcome = await http.send({
      method: "POST",
      path: `/api/v1/agent/command_result?hostname=${encodeURIComponent(hostname)}`,
      headers: {
        "authorization": `Bearer ${key}`,
        "content-type": "application/json",
        "content-encoding": "gzip",
      },
      body,
      deadlineMs: resultDeadlineMs,
      signal: stop,
    });
    if (outcome.ok && outcome.status === 200) return;
    const words = answerText(outcome);
    if (isFinal(outcome)) {
      log.warning("The server does not take the result of command {id}: {words}", { id, words });
      return;
    }
    if (outcome.ok && outcome.status === 401) await credentials.renew(key, stop);
    const delayMs = backoffDelayMs(failures, random());
    if (clock.monotonicMs() + delayMs > endMs) {
      log.warning("Command {id} expired before its result was delivered: {words}", { id, words });
      return;
    }
    await sleep(clock, delayMs, stop);
  }
}

/** True for an answer that no retry changes. 401 may be mended by another key, the others come from load. */
function isFinal(outcome: HttpOutcome): boolean {
  if (!outcome.ok) return false;
  return outcome.status >= 400 && outcome.status < 500 && ![401, 408, 425, 429].includes(outcome.status);
}

function encodeResult(result: CommandResult): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(JSON.stringify(result));
  if (bytes.length <= limits.resultBytes) return bytes;
  const error = `The result has ${bytes.length} bytes, the server takes ${limits.resultBytes}: ask for less`;
  return encoder.encode(JSON.stringify({ id: result.id, type: result.type, error }));
}
