/** Changes of hosts, at most one event per host and second: the first at once, what follows within the second at its end. */
import type { Clock } from "../../lib/clock.ts";
import type { Agent } from "../agents.ts";

const spacingMs = 1000;

/** Changes of hosts. */
export interface HostChanges {
  /** Notes that a host changed; it is announced now or when its second is over. */
  note(agent: Agent): void;
  /** Forgets a host: it is gone. */
  forget(agent: Agent): void;
  /** Forgets all hosts and what was to be announced. */
  clear(): void;
}

/** Makes a set of hosts whose changes are announced through `announce`. */
export function createHostChanges(clock: Clock, announce: (agent: Agent) => void): HostChanges {
  /** Hosts that were announced less than a second ago. */
  const recent = new Map<string, { changedSince: boolean; readonly cancel: () => void }>();

  function announceNow(agent: Agent): void {
    const cancel = clock.after(spacingMs, () => {
      const changedSince = recent.get(agent.id)?.changedSince;
      recent.delete(agent.id);
      if (changedSince) announceNow(agent);
    });
    recent.set(agent.id, { changedSince: false, cancel });
    announce(agent);
  }

  return {
    note(agent) {
      const entry = recent.get(agent.id);
      if (entry === undefined) announceNow(agent);
      else entry.changedSince = true;
    },
    forget(agent) {
      recent.get(agent.id)?.cancel();
      recent.delete(agent.id);
    },
    clear() {
      for (const { cancel } of recent.values()) cancel();
      recent.clear();
    },
  };
}
