/** What the package managers share. Whatever they are asked, they answer from what they have: nothing is refreshed for us. */
import type { HostFs } from "../../lib/host_fs.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { outputOf, type RunVendor } from "../vendor_runner.ts";

/** One element of `update_list`. */
export type Update = MetricData<"update_list">["updates"][number];

/** What a package manager knows. */
export interface PendingUpdates {
  readonly updates: readonly Update[];
  /** Absent where it does not say which updates close security holes. */
  readonly securityPending?: number;
}

/** One package manager. */
export interface PackageManager {
  readonly name: string;
  /** Program that is asked. */
  readonly program: string;
  /** A file or folder that a host has when this manager keeps it, not merely has the program. */
  readonly evidence: string;
  /** Files and folders whose newest change is the last refresh. */
  readonly refreshed: readonly string[];
  /** @throws When the program does not answer; the message names it. */
  pending(run: RunVendor): Promise<PendingUpdates>;
}

/** Working out an upgrade of everything takes seconds on a small machine. */
const deadlineMs = 120_000;

/** What a program prints, when it ends with one of the `codes`. @throws When it does not; the message names it. */
export async function ask(
  run: RunVendor,
  argv: readonly [string, ...string[]],
  codes: readonly number[] = [0],
): Promise<string> {
  const output = outputOf(argv[0], await run(argv, { deadlineMs }), (code) => codes.includes(code));
  if (output.text === undefined) throw new Error(`Cannot list updates: ${output.reason}`);
  return output.text;
}

/** Number of those that close security holes. */
export function countSecurity(updates: readonly Update[]): number {
  return updates.filter(({ security }) => security === true).length;
}

/** Entries of a folder that are looked at for the last refresh. */
const maxEntries = 1_000;

/** When any of `paths` (and of what stands directly in those that are folders) was last changed, in whole seconds of Unix time. */
export function newestChange(fs: HostFs, paths: readonly string[]): number | undefined {
  let newest: number | undefined;
  const look = (path: string) => {
    try {
      const info = Deno.statSync(path);
      const seconds = Math.floor((info.mtime?.getTime() ?? 0) / 1000);
      if (seconds > (newest ?? 0)) newest = seconds;
      return info.isDirectory;
    } catch {
      return false; // Not every system has each of them.
    }
  };
  for (const path of paths.map((path) => fs.root(path))) {
    if (!look(path)) continue;
    let left = maxEntries;
    for (const entry of Deno.readDirSync(path)) {
      if (left-- > 0) look(`${path}/${entry.name}`);
    }
  }
  return newest;
}
