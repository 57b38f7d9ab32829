/** What a request to the server needs to be believed. */

/** The agent's right to talk to its server, shared by all parts that do. */
export interface Credentials {
  /** The bearer key; waits until there is one. `undefined` when `stop` is aborted and there is none. */
  key(stop: AbortSignal): Promise<string | undefined>;
  /** Says that the server does not know `key` (401). True when there is another one now. */
  renew(key: string, stop: AbortSignal): Promise<boolean>;
  /** Says that the server knows the key under another host name (403). True when it was told this host's name anew. */
  reclaim(stop: AbortSignal): Promise<boolean>;
}
