/** Ports that a host listens at and checks that its agent makes: what is wrong with them, problems first. */
import { formatCount, formatDuration } from "../text/format.ts";
import { type Fields, flagIn, numberIn, textIn } from "./latest.ts";
import { byName, byTurns, largestFirst, thoseFirst } from "./ranking.ts";

/** What breaks a rule first, then by port. */
export function sortPorts(ports: readonly Fields[]): Fields[] {
  return ports.toSorted(
    byTurns(
      thoseFirst((port) => textIn(port, "violation") !== undefined),
      largestFirst((port) => -(numberIn(port, "port") ?? Infinity)),
      byName((port) => textIn(port, "address")),
    ),
  );
}

/** `2 break a rule, 17 listen`. */
export function portCounts(ports: readonly Fields[]): string {
  const violations = ports.filter((port) => textIn(port, "violation") !== undefined).length;
  const listening = ports.filter((port) => flagIn(port, "listening")).length;
  return [
    ...violations > 0 ? [`${formatCount(violations)} against the rules`] : [],
    `${formatCount(listening)} listening`,
  ].join(", ");
}

/** Failing checks first, then those that could not be made, then by name. */
export function sortChecks(checks: readonly Fields[]): Fields[] {
  return checks.toSorted(
    byTurns(
      thoseFirst((check) => check["ok"] === false),
      thoseFirst((check) => check["ok"] === undefined),
      byName((check) => textIn(check, "name")),
    ),
  );
}

/** Outcome of a check in words. */
export function checkWord(check: Fields): string {
  if (check["ok"] === undefined) return "not made";
  if (flagIn(check, "ok")) return "OK";
  const failures = numberIn(check, "consecutive_failures") ?? 1;
  return failures > 1 ? `failing, ${formatCount(failures)} times in a row` : "failing";
}

/** A certificate that ends within so many days needs somebody. */
const certificateWarningDays = 14;

/** How long a certificate lasts, and whether that is too short; `undefined` where a check has none. */
export function certificateState(
  check: Fields,
): { readonly word: string; readonly isAlarming: boolean } | undefined {
  const days = numberIn(check, "certificate_days_left");
  if (days === undefined) return undefined;
  const span = formatDuration(Math.abs(days) * 86_400);
  return { word: days < 0 ? `expired ${span} ago` : span, isAlarming: days <= certificateWarningDays };
}
