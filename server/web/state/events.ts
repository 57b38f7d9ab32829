/** What happened on a host: lines of logs and events of security, in one list. */
import type { HostDetail } from "../../../protocol/api.ts";
import { type Fields, latestOf, listIn, numberIn, textIn } from "./latest.ts";
import { byTurns, largestFirst, type Order } from "./ranking.ts";

/** One thing that happened. */
export interface HostEvent {
  /** Tells it from all others. */
  readonly key: string;
  /** Unix milliseconds. */
  readonly atMs: number;
  /** How grave, or what kind of event. */
  readonly word: string;
  readonly isGrave: boolean;
  /** Who said or did it. */
  readonly origin: string;
  readonly text: string;
  /** How often it happened. */
  readonly count: number;
}

/** Most events that are kept while a page is open. */
const maxEvents = 500;

const graveLevels: readonly string[] = ["emergency", "alert", "critical", "error"];

const kindWords: Readonly<Record<string, string>> = {
  login_accepted: "Login",
  login_failed: "Failed login",
  brute_force: "Brute force",
  privilege_used: "Used rights of another user",
  privilege_refused: "Refused rights of another user",
  user_added: "User added",
  user_removed: "User removed",
  admin_added: "Administrator added",
  admin_removed: "Administrator removed",
  sudoers_changed: "Rules of sudo changed",
  key_added: "Login key added",
  key_removed: "Login key removed",
  setuid_added: "Set-user-ID program added",
};

const graveKinds: readonly string[] = ["brute_force", "admin_added", "sudoers_changed", "setuid_added"];

/** The events that a host reported last. */
export function reportedEvents(detail: Pick<HostDetail, "latest">): HostEvent[] {
  return [
    ...listIn(latestOf(detail, "log_event_list"), "events").map(logEvent),
    ...listIn(latestOf(detail, "security_event_list"), "events").map(securityEvent),
  ];
}

const newestFirst: Order<HostEvent> = byTurns(largestFirst(({ atMs }) => atMs));

/** Events known so far and those just reported, newest first, each once. */
export function mergeEvents(known: readonly HostEvent[], reported: readonly HostEvent[]): HostEvent[] {
  const byKey = new Map([...known, ...reported].map((event) => [event.key, event]));
  return [...byKey.values()].sort(newestFirst).slice(0, maxEvents);
}

function logEvent(event: Fields): HostEvent {
  const level = textIn(event, "level");
  const status = numberIn(event, "status");
  const origin = [textIn(event, "source"), textIn(event, "unit") ?? textIn(event, "process")]
    .filter(Boolean).join(", ");
  return eventOf(event, {
    word: level ?? (status === undefined ? "line" : `HTTP ${status}`),
    isGrave: level === undefined ? (status ?? 0) >= 500 : graveLevels.includes(level),
    origin,
    text: textIn(event, "message") ?? "",
  });
}

function securityEvent(event: Fields): HostEvent {
  const kind = textIn(event, "kind") ?? "";
  const [user, source] = [textIn(event, "user"), textIn(event, "source")];
  const text = [
    user === undefined ? "" : `user ${user}`,
    source === undefined ? "" : `from ${source}`,
    textIn(event, "detail") ?? "",
  ].filter(Boolean).join(", ");
  return eventOf(event, {
    word: kindWords[kind] ?? kind,
    isGrave: graveKinds.includes(kind),
    origin: textIn(event, "service") ?? "security",
    text,
  });
}

function eventOf(event: Fields, said: Pick<HostEvent, "word" | "isGrave" | "origin" | "text">): HostEvent {
  const timestamp = textIn(event, "timestamp") ?? "";
  return {
    key: JSON.stringify([timestamp, said.word, said.origin, said.text]),
    atMs: Date.parse(timestamp),
    count: numberIn(event, "count") ?? 1,
    ...said,
  };
}
