/** What is said about a host in words. */
import type { HostSummary } from "../../../protocol/api.ts";
import { absent } from "./format.ts";

type Info = HostSummary["info"];

/** Distribution and version, or what is known: `Debian 12`. */
export function osText(info: Info): string {
  const name = info.platform ?? info.os;
  if (name === undefined || name === "") return absent;
  const capitalised = name.charAt(0).toUpperCase() + name.slice(1);
  return info.platform_ver === undefined ? capitalised : `${capitalised} ${info.platform_ver}`;
}

/** Word for each status; never shown by colour alone. */
export const statusWords: Readonly<Record<HostSummary["status"], string>> = {
  online: "Online",
  late: "Late",
  offline: "Offline",
  waiting: "Waiting",
};

/** What each status means and what to do about it. */
export const statusMeanings: Readonly<Record<HostSummary["status"], string>> = {
  online: "The agent reports at its pace.",
  late: "The agent is overdue: its next report should have arrived by now.",
  offline:
    "Nothing was heard for a minute. Check that the host is up, that its agent runs, and that it reaches this server.",
  waiting: "The agent has registered and has not sent anything yet.",
};
