/** What a process is: who it runs as, its command line, when it started, which unit or container it belongs to. */
import { contents, type Directory, pathBytes } from "../../ffi/directory.ts";
import { bytesOf, findLine, nextField, readUnsigned, textAt } from "../../lib/ascii.ts";
import type { Clock } from "../../lib/clock.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { cgroupOfProcess, identifyCgroup } from "../cgroup_path.ts";
import { redactArguments } from "./redact.ts";
import type { ProcessRecord } from "./table.ts";

/** How much of command lines leaves the host. */
export type ArgumentsShown = "full" | "redacted" | "none";

type Facts = Partial<MetricData<"process">>;

/** Reads facts and remembers them. */
export interface ProcessFacts {
  /** Facts of a process; what this user may not read, or a process that has ended does not tell, is absent. */
  of(record: ProcessRecord, folder: Directory): Facts;
  /** Forgets the processes that were not asked for since the last `forget`. */
  forget(): void;
}

/** A process changes its user, title and group seldom, but may. A changed name (it runs another program) is noticed at once. */
const rereadAfterMs = 5 * 60_000;
/** Most of a command line that is read, in bytes; UTF-8 gives no more characters. */
const commandBytes = 4096;

/** Keeps the facts of the processes that are reported. `bootTime` gives Unix seconds. */
export function processFacts(
  clock: Clock,
  shown: ArgumentsShown,
  userName: (uid: number) => string,
  bootTime: () => number | undefined,
): ProcessFacts {
  const known = new Map<number, { startTicks: number; name: string; readAtMs: number; facts: Facts }>();
  const used = new Set<number>();
  return {
    of(record, folder) {
      const { pid, startTicks, name } = record;
      const now = clock.monotonicMs();
      used.add(pid);
      const entry = known.get(pid);
      if (
        entry !== undefined && entry.startTicks === startTicks && entry.name === name &&
        now - entry.readAtMs < rereadAfterMs
      ) return entry.facts;
      const facts = { ...startOf(record, bootTime()), ...readFacts(record, folder, shown, userName) };
      known.set(pid, { startTicks, name, readAtMs: now, facts });
      return facts;
    },
    forget() {
      for (const pid of known.keys()) if (!used.has(pid)) known.delete(pid);
      used.clear();
    },
  };
}

function startOf({ startTicks }: ProcessRecord, bootTime: number | undefined): Facts {
  return bootTime === undefined ? {} : { start_time: bootTime + Math.floor(startTicks / 100) };
}

const uidLine = bytesOf("Uid:");

function readFacts(
  { pid, isKernelThread }: ProcessRecord,
  folder: Directory,
  shown: ArgumentsShown,
  userName: (uid: number) => string,
): Facts {
  const facts: Facts = {};
  const uid = readUid(folder.read(pathBytes(`${pid}/status`)));
  if (uid !== undefined) facts.user = userName(uid);
  if (!isKernelThread && shown !== "none") {
    const command = commandOf(folder.read(pathBytes(`${pid}/cmdline`), true), shown);
    if (command !== "") facts.command = command;
  }
  const length = folder.read(pathBytes(`${pid}/cgroup`));
  const cgroup = length > 0 ? cgroupOfProcess(textAt(contents, 0, length)) : undefined;
  if (cgroup === undefined || cgroup.length > 4096) return facts;
  const { unit, containerId, machine } = identifyCgroup(cgroup);
  facts.cgroup = cgroup;
  if (unit !== undefined) facts.unit = unit;
  if (containerId !== undefined) facts.container_id = containerId;
  if (machine !== undefined) facts.machine = machine;
  return facts;
}

/** Effective user number: the second of the line `Uid:` of `/proc/<pid>/status`. */
function readUid(length: number): number | undefined {
  if (length <= 0) return undefined;
  const bytes = contents.subarray(0, length);
  const line = findLine(bytes, uidLine);
  return line === undefined ? undefined : readUnsigned(bytes, nextField(bytes, nextField(bytes, line)));
}

/** `/proc/<pid>/cmdline`: arguments, each ended by NUL. A program that gave itself a title has one argument, or has overwritten NULs. */
function commandOf(length: number, shown: ArgumentsShown): string {
  if (length <= 0) return "";
  const argv = textAt(contents, 0, Math.min(length, commandBytes)).replace(/\0+$/, "").split("\0");
  return (shown === "full" ? argv : redactArguments(argv)).join(" ").trim().slice(0, commandBytes);
}
