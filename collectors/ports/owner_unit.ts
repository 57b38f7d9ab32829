/** The service-manager unit of a process, from `/proc/<pid>/cgroup` (cgroups(7)). */

/**
 * The innermost service or scope of the cgroup that systemd made: the unified hierarchy (`0::`) or `name=systemd`; `undefined` outside
 * of units.
 */
export function unitOfCgroups(cgroups: string): string | undefined {
  for (const line of cgroups.split("\n")) {
    const path = /^(?:0:|\d+:name=systemd):(\/.*)$/.exec(line)?.[1];
    const unit = path?.split("/").findLast((part) => /\.(service|scope)$/.test(part));
    if (unit !== undefined) return unit;
  }
  return undefined;
}
