/** How long to wait before trying again. */

/** First bound of the wait. */
const baseMs = 1000;

/** Largest bound of the wait: a person is looking, so it stays short. */
const limitMs = 15_000;

/**
 * A wait before attempt `attempt` (0 is the first repetition), in milliseconds: random between half of a bound that
 * doubles and the bound, so that many browsers do not come back at the same moment.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const bound = Math.min(limitMs, baseMs * 2 ** Math.min(attempt, 10));
  return bound / 2 + random * bound / 2;
}
