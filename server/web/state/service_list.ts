/** Services of a host: the order in which they are shown, and their counts in words. */
import { formatCount } from "../text/format.ts";
import { type Fields, numberIn, textIn } from "./latest.ts";
import { byName, byTurns, largestFirst, thoseFirst } from "./ranking.ts";

/** True for a service that should be up and is not. */
export function isFailed(service: Fields): boolean {
  return textIn(service, "status") === "failed" || textIn(service, "sub_status") === "auto-restart";
}

/** Failed ones first, then those that use most memory, then by name. */
export function sortServices(services: readonly Fields[]): Fields[] {
  return services.toSorted(
    byTurns(
      thoseFirst(isFailed),
      largestFirst((service) => numberIn(service, "memory_bytes")),
      byName((service) => textIn(service, "name")),
    ),
  );
}

/** `3 failed, 120 running, 40 exited`: failed ones first, then by how many there are. */
export function serviceCounts(services: readonly Fields[]): string {
  const counts = new Map<string, number>();
  for (const service of services) {
    const word = textIn(service, "status") === "failed"
      ? "failed"
      : textIn(service, "sub_status") ?? textIn(service, "status") ?? "unknown";
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(byTurns(thoseFirst(([word]) => word === "failed"), largestFirst(([, count]) => count)))
    .map(([word, count]) => `${formatCount(count)} ${word}`)
    .join(", ");
}
