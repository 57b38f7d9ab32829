/** The server's time, ticking: this browser's own clock may be wrong, and ages are shown to the second. */
import { signal } from "@preact/signals";

let offsetMs = 0;

/** The server's time now, Unix milliseconds. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

/** {@linkcode serverNow} as a signal that ticks once a second. */
export const now = signal(Date.now());

/** Sets the clock by what the server just said, as RFC 3339. */
export function setServerTime(timestamp: string): void {
  const time = Date.parse(timestamp);
  if (!Number.isNaN(time)) offsetMs = time - Date.now();
}

/** Starts the ticking. */
export function startClock(): void {
  setInterval(() => now.value = serverNow(), 1000);
}
