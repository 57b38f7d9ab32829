/**
 * The processors' clock frequency.
 *
 * `cpufreq/policy*` (kernel: `Documentation/admin-guide/pm/cpufreq.rst`): one policy for the processors that share a clock; `affected_cpus`
 * names those that are online, `scaling_cur_freq` is in kHz. Without cpufreq (most virtual machines) x86 names a frequency in
 * `/proc/cpuinfo`, which then hardly changes. `cpuinfo_cur_freq` is not used: it asks the hardware and is for root only.
 */
import { bytesOf, lineEnd, nextLine, readDecimal, skipBlanks, startsWith } from "../../lib/ascii.ts";
import { keptFile, namesIn, readInteger, readText } from "../../lib/host_fs.ts";
import type { Host } from "../collector.ts";

/** How long the list of policies, or the frequency in `cpuinfo`, is kept: both cost far more than they change. */
const keptForMs = 60_000;

interface Policy {
  readonly path: string;
  readonly onlineCount: number;
}

/** Reads the mean frequency of the online processors, in Hz; `undefined` where the host does not tell. */
export function frequencyReader(host: Host): () => number | undefined {
  let policies: Policy[] = [];
  let fromCpuinfo: number | undefined;
  let keptUntil = -Infinity;
  return () => {
    const now = host.clock.monotonicMs();
    if (now >= keptUntil) {
      keptUntil = now + keptForMs;
      policies = listPolicies(host.fs.sys("devices/system/cpu/cpufreq"));
      fromCpuinfo = policies.length === 0 ? cpuinfoHz(host.fs.proc("cpuinfo")) : undefined;
    }
    return meanHz(policies) ?? fromCpuinfo;
  };
}

function listPolicies(folder: string): Policy[] {
  const policies: Policy[] = [];
  for (const name of namesIn(folder)) {
    if (!name.startsWith("policy")) continue;
    const affected = readText(`${folder}/${name}/affected_cpus`)?.trim() ?? "";
    // A policy whose processors are all offline still stands there, with a frequency of the past.
    if (affected === "") continue;
    policies.push({
      path: `${folder}/${name}/scaling_cur_freq`,
      onlineCount: affected.split(/\s+/).length,
    });
  }
  return policies;
}

function meanHz(policies: readonly Policy[]): number | undefined {
  let sumKhz = 0;
  let count = 0;
  for (const { path, onlineCount } of policies) {
    const khz = readInteger(path);
    if (khz === undefined || khz <= 0) continue;
    sumKhz += khz * onlineCount;
    count += onlineCount;
  }
  return count === 0 ? undefined : Math.round((sumKhz / count) * 1000);
}

function cpuinfoHz(path: string): number | undefined {
  const file = keptFile(path);
  try {
    return parseCpuinfoHz(file.read());
  } catch {
    return undefined; // The frequency is an extra: without cpuinfo it is absent, and the times are still right.
  } finally {
    file.close();
  }
}

const megahertz = bytesOf("cpu MHz");
const COLON = 0x3a;

/** Mean of the `cpu MHz` lines of `/proc/cpuinfo` (x86 alone has them), in Hz; `undefined` where there is none. */
export function parseCpuinfoHz(bytes: Uint8Array): number | undefined {
  let sumMhz = 0;
  let count = 0;
  for (let at = 0; at < bytes.length; at = nextLine(bytes, at)) {
    if (!startsWith(bytes, at, megahertz)) continue;
    const colon = bytes.indexOf(COLON, at);
    if (colon === -1 || colon > lineEnd(bytes, at)) continue;
    const value = readDecimal(bytes, skipBlanks(bytes, colon + 1));
    if (value === undefined || value <= 0) continue;
    sumMhz += value;
    count++;
  }
  return count === 0 ? undefined : Math.round((sumMhz / count) * 1e6);
}
