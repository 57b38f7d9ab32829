/** Keeps the sizes of local file systems for a while, so that a disk that sleeps is not asked. */
import type { Clock } from "../../lib/clock.ts";
import type { SpaceAnswer, SpaceLane } from "./space_lane.ts";

/** A lane that asks a local file system again only when its answer is `keepMs` old. What did not answer is asked every time. */
export function cachedLane(lane: SpaceLane, clock: Clock, keepMs: number): SpaceLane {
  if (keepMs === 0) return lane;
  const kept = new Map<number, { readonly answer: SpaceAnswer; readonly atMs: number }>();
  return {
    async read(fileSystems) {
      const nowMs = clock.monotonicMs();
      const mounted = new Set(fileSystems.map(({ id }) => id));
      for (const [id, { atMs }] of kept) if (nowMs - atMs >= keepMs || !mounted.has(id)) kept.delete(id);
      const fresh = await lane.read(fileSystems.filter(({ id }) => !kept.has(id)));
      for (const { id, backing } of fileSystems) {
        const answer = fresh.get(id);
        if (answer?.status === "answered" && backing === "local") kept.set(id, { answer, atMs: nowMs });
      }
      return new Map([...fresh, ...[...kept].map(([id, { answer }]) => [id, answer] as const)]);
    },
  };
}
