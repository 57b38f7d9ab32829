/**
 * ZFS pools: the state of each from its kstat, where it always answers, and the rest from `zpool`, which may wait for ever on a
 * suspended pool.
 */
import { type HostFs, namesIn, readText } from "../../lib/host_fs.ts";
import { clip } from "../../lib/text.ts";
import { outputOf, type RunVendor } from "../vendor_runner.ts";
import type { Volume } from "./volume.ts";
import { parseZpoolList, parseZpoolStatus } from "./zpool.ts";

/** Half a tick of the collector is left to the others. */
const zpoolDeadlineMs = 10_000;

/** Names of the imported pools, with their state in `/proc/spl/kstat/zfs/<pool>/state` (OpenZFS 0.8 and later). */
export function zfsPools(fs: HostFs): Map<string, string> {
  const pools = new Map<string, string>();
  for (const name of namesIn(fs.proc("spl/kstat/zfs"))) {
    const state = readText(fs.proc(`spl/kstat/zfs/${name}/state`));
    if (state !== undefined && state !== "") pools.set(name, clip(state));
  }
  return pools;
}

/** Reads every pool. `run` is absent where `zpool` would speak of another host. */
export async function readZfsPools(
  pools: ReadonlyMap<string, string>,
  run: RunVendor | undefined,
): Promise<Volume[]> {
  const answers = pools.size === 0 || run === undefined ? undefined : await askZpool(run);
  return [...pools].map(([name, state]): Volume => ({
    kind: "zfs",
    name: clip(name),
    ...answers?.status.get(name),
    ...answers?.list.get(name),
    ...(answers?.problem === undefined ? {} : { detail: clip(answers.problem, 4096) }),
    // The kstat's word is the newest, and comes whether zpool answers or not.
    state,
    health: healthOf(state),
  }));
}

/** Health by the state of a pool (zpoolconcepts(7)). */
function healthOf(state: string): string {
  switch (state) {
    case "ONLINE":
      return "ok";
    case "DEGRADED":
      return "degraded";
    case "FAULTED":
    case "OFFLINE":
    case "REMOVED":
    case "UNAVAIL":
    case "SUSPENDED":
      return "failed";
    default:
      return "unknown";
  }
}

interface ZpoolAnswers {
  readonly list: ReadonlyMap<string, Partial<Volume>>;
  readonly status: ReadonlyMap<string, Partial<Volume>>;
  /** Why something is absent. */
  readonly problem: string | undefined;
}

async function askZpool(run: RunVendor): Promise<ZpoolAnswers> {
  const limits = { deadlineMs: zpoolDeadlineMs };
  const columns = "name,size,allocated,fragmentation";
  const [list, status] = await Promise.all([
    run(["zpool", "list", "-Hp", "-o", columns], limits),
    run(["zpool", "status", "-p"], limits),
  ]);
  const listOutput = outputOf("zpool", list);
  const statusOutput = outputOf("zpool", status);
  return {
    list: parseZpoolList(listOutput.text ?? ""),
    status: parseZpoolStatus(statusOutput.text ?? ""),
    problem: statusOutput.reason ?? listOutput.reason,
  };
}
