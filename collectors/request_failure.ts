/** Why a request failed, for a report. */
import { errorChain } from "../lib/log.ts";

/** The error in words, without the address: its query may hold a secret. */
export function requestFailure(error: unknown): string {
  return errorChain(error).replace(/ ?for url \(\S*\)/g, "");
}
