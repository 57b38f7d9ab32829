/** Walks through the control groups of a host, those near the root first. */
import type { CgroupData } from "./attributes.ts";
import type { CgroupReader } from "./read.ts";

/** How far a walk goes. */
export interface WalkBounds {
  /** Groups directly below the root have depth 1. */
  readonly depth: number;
  readonly max_groups: number;
}

/** What a walk found. */
export interface Walk {
  readonly groups: CgroupData[];
  /** True when there were more than `max_groups`. */
  readonly truncated: boolean;
}

/**
 * Reads all groups down to `depth`, level by level. What is inside a container or a virtual machine is its own matter and its sum stands on it,
 * so the walk goes no further there. The root is left out: it is the host as a whole.
 */
export function walkCgroups(reader: CgroupReader, { depth, max_groups: most }: WalkBounds): Walk {
  const groups: CgroupData[] = [];
  let level = ["/"];
  for (let at = 1; at <= depth; at++) {
    const next: string[] = [];
    for (const parent of level) {
      for (const name of reader.children(parent, most).sort()) {
        const path = parent === "/" ? `/${name}` : `${parent}/${name}`;
        if (path.length > 4096) continue;
        if (groups.length >= most) return { groups, truncated: true };
        const group = reader.read(path);
        if (group === undefined) continue;
        groups.push(group);
        if (group.kind !== "container" && group.kind !== "machine") next.push(path);
      }
    }
    level = next;
  }
  return { groups, truncated: false };
}
