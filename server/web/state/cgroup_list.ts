/** Control groups of a host: which of them are worth a row. */
import { type Fields, textIn } from "./latest.ts";

/** What control groups can be sorted by. */
export type CgroupColumn = "cpu" | "memory";

const structuralKinds: readonly string[] = ["slice", "group"];

/**
 * Services, containers, machines and scopes. Slices and other groups only add up what is below them: they are shown where
 * there is nothing else.
 */
export function worthwhileGroups(groups: readonly Fields[]): readonly Fields[] {
  const leaves = groups.filter((group) => !structuralKinds.includes(textIn(group, "kind") ?? "group"));
  return leaves.length > 0 ? leaves : groups;
}

/** The last part of its path, which names it: `nginx.service`. */
export function groupName(group: Fields): string {
  const path = textIn(group, "path") ?? "";
  return path.split("/").findLast((part) => part !== "") ?? "/";
}
