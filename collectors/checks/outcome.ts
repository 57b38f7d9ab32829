/** What one check gives. */
import type { Clock } from "../../lib/clock.ts";

/** What a check found. A check that can't reach its target rejects instead. */
export interface CheckOutcome {
  /** Absent where the check could not be made. */
  readonly ok?: boolean;
  /** What was found, in words. Never anything that the target sent as its content. */
  readonly detail: string;
  readonly latencyMs?: number;
  readonly statusCode?: number;
  readonly certificateDaysLeft?: number;
  readonly lossPercent?: number;
}

/** What a check works with. */
export interface CheckContext {
  readonly clock: Clock;
  /** Aborted when the check's time is up. */
  readonly signal: AbortSignal;
}
