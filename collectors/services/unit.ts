/** Units of systemd, as its manager lists them. */
import type { DbusValue } from "../../lib/dbus/values.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** What the wire carries of a unit. */
export type Service = MetricData<"service">;

/** One unit of a list. */
export interface Unit {
  readonly name: string;
  readonly description: string;
  readonly loadState: string;
  readonly activeState: string;
  readonly subState: string;
  /** Where its properties are; absent where `systemctl` made the list. */
  readonly objectPath?: string;
}

/** Signature of what `ListUnits` answers: name, description, load, active, sub, followed, object path, and three of its job. */
export const unitListSignature = "a(ssssssouso)";

/** The units of a `ListUnits` reply; entries of another form are left out. */
export function unitsOf(list: DbusValue | undefined): Unit[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    if (!Array.isArray(entry)) return [];
    const [name, description, loadState, activeState, subState, , objectPath] = entry;
    if (
      typeof name !== "string" || typeof description !== "string" || typeof loadState !== "string" ||
      typeof activeState !== "string" || typeof subState !== "string" || typeof objectPath !== "string"
    ) return [];
    return [{ name, description, loadState, activeState, subState, objectPath }];
  });
}

/** Type of a unit: `service` of `ssh.service`. */
export function typeOf(unitName: string): string {
  return unitName.slice(unitName.lastIndexOf(".") + 1);
}

/** Longest name and longest description on the wire. */
const longest = { name: 1024, description: 4096 } as const;

/** What every list tells of a unit. */
export function serviceOf(unit: Unit): Service {
  return {
    name: unit.name.slice(0, longest.name),
    status: unit.activeState.slice(0, longest.name),
    sub_status: unit.subState.slice(0, longest.name),
    load_state: unit.loadState.slice(0, longest.name),
    description: unit.description.slice(0, longest.description),
  };
}
