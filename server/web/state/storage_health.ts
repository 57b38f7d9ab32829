/** Health of drives and of volumes made of them: the verdict in words, what is wrong, problems first. */
import { type Fields, listIn, textIn, textsIn } from "./latest.ts";
import { byName, byTurns, largestFirst } from "./ranking.ts";

/** What is said about a drive or a volume. */
export interface Verdict {
  readonly word: string;
  /** 0 when nothing is wrong; the more, the sooner somebody should look. */
  readonly severity: number;
  /** What is wrong, in words; empty when nothing is. */
  readonly reason: string;
}

type Judgements = Readonly<Record<string, readonly [word: string, severity: number]>>;

const driveStatuses: Judgements = {
  ok: ["Healthy", 0],
  failing: ["Failing", 3],
  unreadable: ["Can't be read", 2],
  denied: ["Not permitted", 1],
  sleeping: ["Asleep", 0],
  unsupported: ["No SMART", 0],
};

/** Verdict on a drive (an element of `smart_list`). */
export function driveVerdict(drive: Fields): Verdict {
  const status = textIn(drive, "status") ?? "";
  const [word, severity] = driveStatuses[status] ?? [status, 1];
  const warnings = textsIn(drive, "warnings");
  const reason = [...new Set([textIn(drive, "reason") ?? "", ...warnings])].filter(Boolean).join(" ");
  return drive["passed"] === false
    ? { word: "Failing", severity: 3, reason }
    : severity < 2 && warnings.length > 0
    ? { word: "Has problems", severity: 2, reason }
    : { word, severity, reason };
}

const volumeHealths: Judgements = {
  ok: ["Healthy", 0],
  degraded: ["Degraded", 2],
  failed: ["Failed", 3],
  unknown: ["Unknown", 1],
};

/** States of members about which nothing needs to be said. */
const goodMembers: readonly string[] = ["in_sync", "spare", "online", "avail", "ok"];

/** Verdict on a volume (an element of `raid_list`). Members that are not well stand in for a missing reason. */
export function volumeVerdict(volume: Fields): Verdict {
  const health = textIn(volume, "health") ?? "";
  const [word, severity] = volumeHealths[health] ?? [health, 1];
  const members = listIn(volume, "members")
    .filter((member) => !goodMembers.includes((textIn(member, "state") ?? "").toLowerCase()))
    .map((member) => `${textIn(member, "name") ?? "?"}: ${textIn(member, "state") ?? "?"}`);
  return { word, severity, reason: textIn(volume, "detail") ?? members.join(", ") };
}

/** The worst first, equal ones by name. */
export function worstFirst(
  elements: readonly Fields[],
  verdict: (element: Fields) => Verdict,
  nameField: string,
): { readonly fields: Fields; readonly verdict: Verdict }[] {
  return elements.map((fields) => ({ fields, verdict: verdict(fields) })).sort(
    byTurns(
      largestFirst(({ verdict }) => verdict.severity),
      byName(({ fields }) => textIn(fields, nameField)),
    ),
  );
}
