/**
 * Sends batches, one in flight, in order, until the server says that it has each of them on disk.
 *
 * Only a 202 of the expected shape is an acknowledgement: a captive portal's 200, a page in HTML or an answer that was
 * cut off is a failure like any other. After anything but an acknowledgement there is a pause of at least a second.
 */
import * as z from "zod/mini";
import { type Clock, sleep } from "../lib/clock.ts";
import { logger } from "../lib/log.ts";
import { type Accepted, acceptedSchema } from "../protocol/batch.ts";
import { hostnameMismatch, problemSchema } from "../protocol/problem.ts";
import { backoffDelayMs, minimumDelayMs, probeDelayMs, retryAfterMs } from "./backoff.ts";
import type { Batch, Batcher } from "./batcher.ts";
import type { DeliveryCounters } from "./counters.ts";
import type { Credentials } from "./credentials.ts";
import { answerText, type HttpClient, type HttpOutcome } from "./http.ts";

const log = logger("agent", "sender");

/** Time for one attempt to deliver a batch. */
const sendDeadlineMs = 30_000;

/** Longest reason of a rejection that goes into a tombstone. */
const maximumDetailLength = 1_024;

/** What a sender is made of. */
export interface SenderOptions {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly batcher: Batcher;
  readonly credentials: Credentials;
  readonly hostname: string;
  /** Counted up as batches go. */
  readonly counters: DeliveryCounters;
  /** A number in [0, 1). */
  random(): number;
}

/** What an answer to a batch means. */
export type Verdict =
  | { readonly kind: "stored"; readonly answer: Accepted }
  /** The network, an overloaded server, or somebody who is not our server. */
  | { readonly kind: "retry"; readonly retryAfterMs: number | undefined }
  /** The key is not known. */
  | { readonly kind: "unknown_key" }
  /** The key is known, as that of a host with another name. */
  | { readonly kind: "other_hostname" }
  /** The key is known and not enough. */
  | { readonly kind: "forbidden" }
  | { readonly kind: "too_large" }
  /** The server can never take it. */
  | { readonly kind: "refused" };

/** Judges an answer to a batch. */
export function verdictOf(outcome: HttpOutcome): Verdict {
  if (!outcome.ok) return { kind: "retry", retryAfterMs: undefined };
  switch (outcome.status) {
    case 202: {
      const answer = z.safeParse(acceptedSchema, outcome.json);
      if (answer.success) return { kind: "stored", answer: answer.data };
      break;
    }
    case 401:
      return { kind: "unknown_key" };
    case 403: {
      const problem = z.safeParse(problemSchema, outcome.json);
      return { kind: problem.data?.detail === hostnameMismatch ? "other_hostname" : "forbidden" };
    }
    case 413:
      return { kind: "too_large" };
    case 400:
    case 415:
    case 422:
      return { kind: "refused" };
  }
  return {
    kind: "retry",
    retryAfterMs: retryAfterMs(outcome.headers.get("retry-after"), outcome.serverNowMs),
  };
}

/**
 * Sends what `batcher` gives until `stop` is aborted, then what still waits: until two attempts in a row fail or
 * `abandon` is aborted.
 */
export async function runSender(
  options: SenderOptions,
  stop: AbortSignal,
  abandon: AbortSignal,
): Promise<void> {
  const { clock, http, batcher, credentials, hostname, counters, random } = options;
  const path = `/api/v1/metrics?hostname=${encodeURIComponent(hostname)}`;
  let failuresInARow = 0;

  /** Tries once. The pause before the next attempt in ms, 0 when the batch was stored. */
  const attempt = async (batch: Batch, key: string): Promise<number> => {
    const outcome = await http.send({
      method: "POST",
      path,
      headers: {
        "authorization": `Bearer ${key}`,
        "content-type": "application/json",
        "content-encoding": "gzip",
        "spectra-batch": batch.id,
      },
      body: batch.body,
      deadlineMs: sendDeadlineMs,
      signal: abandon,
    });
    const verdict = verdictOf(outcome);
    if (verdict.kind === "stored") {
      noteStored(batch, verdict.answer);
      return 0;
    }
    const words = answerText(outcome);
    noteFailure(words);
    switch (verdict.kind) {
      case "retry":
        return Math.max(verdict.retryAfterMs ?? 0, backoffDelayMs(failuresInARow, random()));
      case "unknown_key":
        return await credentials.renew(key, stop)
          ? backoffDelayMs(failuresInARow, random())
          : probeDelayMs(random());
      case "other_hostname":
        return await credentials.reclaim(stop)
          ? backoffDelayMs(failuresInARow, random())
          : probeDelayMs(random());
      case "forbidden":
        return probeDelayMs(random());
      case "too_large":
        if (batch.envelopes.length > 1) await batcher.split(batch);
        else batcher.giveUp(batch, "too_large", words);
        return minimumDelayMs;
      case "refused":
        log.error("The server refuses {count} envelopes for good: {words}", {
          count: batch.envelopes.length,
          words,
        });
        batcher.giveUp(batch, "refused", words);
        return backoffDelayMs(failuresInARow, random());
    }
  };

  const noteStored = (batch: Batch, answer: Accepted): void => {
    if (failuresInARow > 0) log.info("Measurements are delivered again");
    failuresInARow = 0;
    const [first] = answer.rejected;
    // An index that the batch does not have is nobody's.
    const indexes = new Set(
      answer.rejected.map(({ index }) => index).filter((index) => index in batch.envelopes),
    );
    const rejected = indexes.size;
    if (first === undefined) batcher.settle(batch);
    else {
      const detail = `${first.type}: ${first.reason}`.slice(0, maximumDetailLength);
      batcher.settleWithout(batch, indexes, detail);
    }
    counters.sentBatches++;
    counters.sentEnvelopes += batch.envelopes.length - rejected;
    counters.sentBytes += batch.body.length;
    counters.rejectedEnvelopes += rejected;
    if (first !== undefined) {
      log.warning("The server did not take {rejected} of {count} envelopes, first {type}: {reason}", {
        rejected,
        count: batch.envelopes.length,
        type: first.type,
        reason: first.reason,
      });
    }
  };

  const noteFailure = (words: string): void => {
    counters.failures++;
    failuresInARow++;
    // Said once at a level that is seen; the count goes on in the agent's own measurements.
    const message = "Cannot deliver measurements, they wait in memory: {words}";
    if (failuresInARow === 1) log.warning(message, { words });
    else log.debug(message, { words });
  };

  for (;;) {
    const batch = await batcher.next(stop);
    if (batch === undefined) {
      if (stop.aborted) return;
      continue;
    }
    const key = await credentials.key(stop);
    if (key === undefined) return;
    const pauseMs = await attempt(batch, key);
    if (pauseMs === 0) continue;
    if (abandon.aborted || (stop.aborted && failuresInARow > 1)) return;
    await sleep(clock, pauseMs, stop.aborted ? abandon : stop);
  }
}
