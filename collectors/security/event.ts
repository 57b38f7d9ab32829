/** Security events as collectors of them find them. */
import type { SecurityKind } from "../../protocol/metrics/security.ts";

/** One thing that happened, or `count` of the same. */
export interface Finding {
  readonly kind: SecurityKind;
  readonly timestampMs: number;
  readonly user?: string;
  /** Address that it came from. */
  readonly source?: string;
  readonly service?: string;
  readonly count?: number;
  readonly detail?: string;
}
