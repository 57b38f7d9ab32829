/** Tells hosts that somebody looks: `WATCH` while at least one browser has a host open, renewed before it ends by itself. */
import type { Clock } from "../../lib/clock.ts";
import type { MetricType } from "../../protocol/metrics/mod.ts";
import type { Agent } from "../agents.ts";
import type { CommandQueue } from "../services.ts";

/** What an open host page shows. */
const watchedTypes: readonly MetricType[] = ["cpu", "memory", "disk_io_list", "network_list"];
const intervalSeconds = 1;
/** How long one `WATCH` lasts: a browser that is gone costs the host no more than this. */
const lastsMs = 30_000;
const renewMs = 15_000;

/** Hosts that are looked at. */
export interface Watcher {
  /** A browser opened the host. */
  look(agent: Agent): void;
  /** A browser that looked is gone. */
  leave(agent: Agent): void;
  close(): void;
}

/** Makes a watcher that asks agents through `commands`. */
export function createWatcher(clock: Clock, commands: Pick<CommandQueue, "watch">): Watcher {
  const watched = new Map<string, { lookers: number; cancelRenewal: () => void }>();

  function ask(agent: Agent, entry: { cancelRenewal: () => void }): void {
    commands.watch(agent, { types: watchedTypes, intervalSeconds, untilMs: clock.now() + lastsMs });
    entry.cancelRenewal = clock.after(renewMs, () => ask(agent, entry));
  }

  return {
    look(agent) {
      const entry = watched.get(agent.id);
      if (entry !== undefined) {
        entry.lookers++;
        return;
      }
      const first = { lookers: 1, cancelRenewal: () => {} };
      watched.set(agent.id, first);
      ask(agent, first);
    },
    leave(agent) {
      const entry = watched.get(agent.id);
      if (entry === undefined || --entry.lookers > 0) return;
      entry.cancelRenewal();
      watched.delete(agent.id);
    },
    close() {
      for (const { cancelRenewal } of watched.values()) cancelRenewal();
      watched.clear();
    },
  };
}
