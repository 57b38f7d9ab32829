/**
 * Output of `zpool list -Hp` and `zpool status -p` (zpool-status(8)), by pool.
 *
 * ```
 *   pool: tank
 *  state: DEGRADED
 * status: One or more devices could not be used …
 *   scan: scrub repaired 0 in 00:00:05 with 0 errors on Sun Nov  8 00:24:02 2026
 * config:
 *
 *         NAME        STATE     READ WRITE CKSUM
 *         tank        DEGRADED     0     0     0
 *           mirror-0  DEGRADED     0     0     0
 *             sda     ONLINE       0     0     0
 *             sdb     FAULTED      3    12     0  too many errors
 *
 * errors: No known data errors
 * ```
 *
 * JSON (`-j`) came with OpenZFS 2.3; this text has kept its form since ZFS came to Linux.
 */
import { clip } from "../../lib/text.ts";
import { maxRaidMembers } from "../../protocol/metrics/raid.ts";
import { parseScan } from "./zpool_scan.ts";
import type { Member, Volume } from "./volume.ts";

/** Parses `zpool list -Hp -o name,size,allocated,fragmentation`. */
export function parseZpoolList(text: string): Map<string, Partial<Volume>> {
  const pools = new Map<string, Partial<Volume>>();
  for (const line of text.split("\n")) {
    const [name, size, allocated, fragmentation] = line.split("\t");
    if (name === undefined || !/^\d+$/.test(size ?? "") || !/^\d+$/.test(allocated ?? "")) continue;
    pools.set(name, {
      size_bytes: Number(size),
      allocated_bytes: Number(allocated),
      // A pool that does not know it prints "-".
      ...(/^\d+%?$/.test(fragmentation ?? "")
        ? { fragmentation_percent: parseInt(fragmentation ?? "", 10) }
        : {}),
    });
  }
  return pools;
}

/** Parses `zpool status -p`. */
export function parseZpoolStatus(text: string): Map<string, Partial<Volume>> {
  const pools = new Map<string, Partial<Volume>>();
  for (const block of text.split(/^ *pool: /m).slice(1)) {
    const name = block.slice(0, Math.max(0, block.indexOf("\n"))).trim();
    if (name !== "") pools.set(name, poolOf(name, block));
  }
  return pools;
}

function poolOf(name: string, block: string): Partial<Volume> {
  const sections = sectionsOf(block);
  const rows = configRows(sections.get("config") ?? "");
  const root = rows.find((row) => row.name === name);
  const members = rows.filter((row) => row.isLeaf && row.name !== name);
  const data = members.filter(({ section }) => section === "data");
  const spares = members.filter(({ section }) => section === "spares");
  const active = data.filter(({ member }) => member.state === "ONLINE").length;
  const errors = sections.get("errors");
  const detail = [sections.get("status"), errors === "No known data errors" ? undefined : errors]
    .flatMap((part) => part === undefined || part === "" ? [] : [part.replace(/\s+/g, " ")]).join(" ");
  const level = rows.find((row) => row.section === "data" && !row.isLeaf && row.name !== name)?.name.replace(
    /-\d+$/,
    "",
  );
  return {
    ...(level === undefined ? {} : { level: clip(level) }),
    ...(detail === "" ? {} : { detail: clip(detail, 4096) }),
    ...(data.length === 0 ? {} : {
      devices_total: data.length,
      devices_active: active,
      devices_missing: data.length - active,
      devices_spare: spares.filter(({ member }) => member.state === "AVAIL").length,
    }),
    ...parseScan(sections.get("scan") ?? ""),
    ...errorsOf(root?.member, members.map(({ member }) => member)),
    ...(members.length === 0
      ? {}
      : { members: members.slice(0, maxRaidMembers).map(({ member }) => member) }),
  };
}

/** Sections `title: text`, continuation lines (which begin with a tab) included. */
function sectionsOf(block: string): Map<string, string> {
  const sections = new Map<string, string>();
  const titles = [...block.matchAll(/^ *(state|status|action|see|scan|remove|config|errors): ?/gm)];
  titles.forEach((title, index) => {
    const text = block.slice(title.index + title[0].length, titles[index + 1]?.index);
    const name = title[1] ?? "";
    sections.set(name, name === "config" ? text : text.trim());
  });
  return sections;
}

interface ConfigRow {
  readonly name: string;
  /** `data`, or the class of its own that it stands under: `logs`, `cache`, `spares`, `special`, `dedup`. */
  readonly section: string;
  readonly isLeaf: boolean;
  readonly member: Member;
}

function configRows(config: string): ConfigRow[] {
  const lines = config.split("\n").filter((line) => /^\t/.test(line) && !/^\tNAME\s+STATE/.test(line));
  const indentOf = (line: string | undefined) => line === undefined ? -1 : line.search(/[^\t ]/);
  let section = "data";
  return lines.flatMap((line, index): ConfigRow[] => {
    const title = /^\t(logs|cache|spares|special|dedup)\s*$/.exec(line)?.[1];
    if (title !== undefined) {
      section = title;
      return [];
    }
    const [name, state, read, write, checksum] = line.trim().split(/\s+/);
    if (name === undefined || name === "" || state === undefined) return [];
    const hasCounts = [read, write, checksum].every((count) => /^\d+$/.test(count ?? ""));
    return [{
      name,
      section,
      isLeaf: indentOf(lines[index + 1]) <= indentOf(line),
      member: {
        name: clip(name),
        state: clip(state),
        ...(hasCounts
          ? { read_errors: Number(read), write_errors: Number(write), checksum_errors: Number(checksum) }
          : {}),
      },
    }];
  });
}

/** Errors of the pool: its own, which no redundancy could make good, and those of its devices. */
function errorsOf(root: Member | undefined, members: readonly Member[]): Partial<Volume> {
  if (root?.read_errors === undefined) return {};
  const sum = (field: "read_errors" | "write_errors" | "checksum_errors") =>
    [root, ...members].reduce((total, member) => total + (member[field] ?? 0), 0);
  return {
    read_errors: sum("read_errors"),
    write_errors: sum("write_errors"),
    checksum_errors: sum("checksum_errors"),
  };
}
