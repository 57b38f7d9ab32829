/** How a host's software is kept, in words: updates, restart, end of support, clock. */
import type { HostDetail } from "../../../protocol/api.ts";
import { formatAgo, formatCount, formatDuration, formatMicroseconds } from "../text/format.ts";
import { type Fields, latestOf, numberIn, textIn, textsIn } from "./latest.ts";
import { byName, byTurns, thoseFirst } from "./ranking.ts";

/** A statement, and whether it needs somebody. */
export interface Statement {
  readonly word: string;
  readonly text: string;
  readonly isAlarming: boolean;
}

/** End of support is worth a mention so many days before. */
const endOfLifeWarningDays = 90;

/** Package lists that are older say little about pending updates. */
const staleListsMs = 7 * 86_400_000;

/** What is known about the host's software; what its agent does not report is left out. */
export function softwareStatements(detail: Pick<HostDetail, "latest">, nowMs: number): Statement[] {
  const status = latestOf(detail, "os_status");
  return [
    ...updates(latestOf(detail, "update_list"), nowMs),
    ...restart(status),
    ...endOfLife(status),
    ...clock(latestOf(detail, "time")),
    ...kernel(status),
  ];
}

function updates(list: Fields, nowMs: number): Statement[] {
  const pending = numberIn(list, "pending");
  const security = numberIn(list, "security_pending");
  const refresh = numberIn(list, "last_refresh");
  const statements: Statement[] = [];
  if (pending !== undefined) {
    const ofThem = security === undefined ? "" : `, ${formatCount(security)} of them for security`;
    const text = pending === 0 ? "none" : `${formatCount(pending)}${ofThem}`;
    statements.push({ word: "Pending updates", text, isAlarming: (security ?? 0) > 0 });
  }
  if (refresh !== undefined) {
    const ageMs = nowMs - refresh * 1000;
    statements.push({ word: "Package lists", text: formatAgo(ageMs), isAlarming: ageMs > staleListsMs });
  }
  return statements;
}

function restart(status: Fields): Statement[] {
  const required = numberIn(status, "reboot_required");
  if (required === undefined) return [];
  const causes = [textIn(status, "newer_kernel"), ...textsIn(status, "reboot_packages")].filter(Boolean);
  const why = causes.length === 0 ? "" : ` by ${causes.join(", ")}`;
  return [{
    word: "Restart",
    text: required === 1 ? `required${why}` : "not required",
    isAlarming: required === 1,
  }];
}

function endOfLife(status: Fields): Statement[] {
  const date = textIn(status, "end_of_life");
  const days = numberIn(status, "end_of_life_days");
  if (date === undefined) return [];
  const text = days === undefined
    ? date
    : days < 0
    ? `ended ${formatDuration(-days * 86_400)} ago (${date})`
    : `until ${date}, ${formatCount(days)} days`;
  return [{ word: "Security support", text, isAlarming: days !== undefined && days < endOfLifeWarningDays }];
}

function clock(time: Fields): Statement[] {
  const synchronized = numberIn(time, "synchronized");
  if (synchronized === undefined) return [];
  const offset = numberIn(time, "offset_seconds");
  const by = offset === undefined ? "" : `, off by ${formatMicroseconds(Math.abs(offset) * 1e6)}`;
  const leap = textIn(time, "leap_second");
  return [{
    word: "Clock",
    text: (synchronized === 1 ? `synchronised${by}` : "not synchronised") +
      (leap === undefined ? "" : `; leap second today (${leap})`),
    isAlarming: synchronized !== 1,
  }];
}

function kernel(status: Fields): Statement[] {
  const statements: Statement[] = [];
  const taints = textsIn(status, "kernel_taints");
  if (numberIn(status, "kernel_tainted") !== undefined) {
    const text = taints.length === 0 ? "not tainted" : taints.join("; ");
    statements.push({ word: "Kernel", text, isAlarming: false });
  }
  const selinux = textIn(status, "selinux");
  const apparmor = numberIn(status, "apparmor_enabled");
  if (selinux !== undefined) {
    statements.push({ word: "SELinux", text: selinux, isAlarming: false });
  } else if (apparmor !== undefined) {
    statements.push({ word: "AppArmor", text: apparmor === 1 ? "on" : "off", isAlarming: false });
  }
  return statements;
}

/** Updates for security first, then by name. */
export function sortUpdates(updates: readonly Fields[]): Fields[] {
  return updates.toSorted(
    byTurns(
      thoseFirst((update) => update["security"] === true),
      byName((update) => textIn(update, "name")),
    ),
  );
}
