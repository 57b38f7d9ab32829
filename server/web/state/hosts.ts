/** All hosts as the server last told them. */
import { signal } from "@preact/signals";
import type { HostSummary } from "../../../protocol/api.ts";

/** The hosts by agent id; `undefined` until they are known. */
export const hosts = signal<ReadonlyMap<string, HostSummary> | undefined>(undefined);

/** Changes that wait to be shown together: a fleet reports many times a second, a screen need not follow each. */
const waiting = new Map<string, HostSummary>();
let flushing: ReturnType<typeof setTimeout> | undefined;

/** How long changes wait. */
const flushAfterMs = 250;

/** Replaces all hosts. */
export function setHosts(all: readonly HostSummary[]): void {
  waiting.clear();
  hosts.value = new Map(all.map((host) => [host.agent_id, host]));
}

/** Takes a host away. */
export function removeHost(agentId: string): void {
  waiting.delete(agentId);
  hosts.value = new Map([...hosts.peek() ?? []].filter(([id]) => id !== agentId));
}

/** Takes a change of one host; it is shown within {@linkcode flushAfterMs}. */
export function changeHost(host: HostSummary): void {
  waiting.set(host.agent_id, host);
  flushing ??= setTimeout(() => {
    flushing = undefined;
    hosts.value = new Map([...hosts.peek() ?? [], ...waiting]);
    waiting.clear();
  }, flushAfterMs);
}
