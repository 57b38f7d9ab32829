/** How long to wait before trying again: full jitter, so that a fleet does not come back as one wave. */

/** Shortest pause after a failure. Nothing is ever tried again sooner, so no failure becomes a hot loop. */
export const minimumDelayMs = 1_000;

/** Longest pause that back-off itself asks for. */
const maximumDelayMs = 60_000;

/** Longest pause that a server's `Retry-After` is believed. */
export const maximumRetryAfterMs = 600_000;

/**
 * Pause after the given number of failures in a row, evenly spread between 1 s and a ceiling that doubles up to 60 s.
 *
 * @param failures Failures in a row, from 1.
 * @param random A number in [0, 1).
 */
export function backoffDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(maximumDelayMs, minimumDelayMs * 2 ** Math.min(failures, 10));
  return Math.round(minimumDelayMs + random * (ceiling - minimumDelayMs));
}

/** Pause between tries that only a person can make succeed (a wrong key): 30 to 60 s. */
export function probeDelayMs(random: number): number {
  return Math.round(maximumDelayMs * (1 + random) / 2);
}

/**
 * What a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110, 10.2.3), at most
 * {@linkcode maximumRetryAfterMs}. `undefined` when there is none, or it makes no sense.
 *
 * @param nowMs The server's time, by which its date is read.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const value = header.trim();
  const delayMs = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs;
  if (Number.isNaN(delayMs)) return undefined;
  return Math.min(maximumRetryAfterMs, Math.max(0, delayMs));
}
