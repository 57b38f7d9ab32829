/** Who a host is, as it tells the server when it registers. */
import { readText } from "../lib/host_fs.ts";
import type { HostInfo } from "../protocol/host_info.ts";
import type { Host } from "./collector.ts";
import { parseStat } from "./cpu/parse.ts";
import { hostFile } from "./host_file.ts";
import { parseMeminfo } from "./memory/parse.ts";
import { readOsRelease } from "./os_release.ts";
import { virtualizationOf } from "./virtualization.ts";

/** What the host itself knows; name, token and agent are the caller's to add. */
export type HostFacts = Pick<
  HostInfo,
  | "os"
  | "platform"
  | "platform_ver"
  | "kernel"
  | "arch"
  | "cpu_model"
  | "cpu_cores"
  | "ram_total"
  | "boot_time"
  | "ips"
  | "machine_id"
  | "virtualization"
>;

/** Reads what the host knows of itself. What can't be read is absent: a host registers all the same. */
export function readHostInfo(host: Host): HostFacts {
  const facts = host.os === "linux" ? linuxFacts(host) : runtimeFacts(host);
  const ips = host.fs.redirected ? [] : addresses();
  return { os: host.os, ...facts, ...(ips.length === 0 ? {} : { ips }) };
}

function linuxFacts({ fs }: Host): HostFacts {
  const facts: HostFacts = {};
  const release = readOsRelease(fs);
  if (release.id !== undefined) facts.platform = release.id;
  if (release.versionId !== undefined) facts.platform_ver = release.versionId;
  const kernel = readText(fs.proc("sys/kernel/osrelease"));
  if (kernel !== undefined) facts.kernel = kernel;
  // The file is there from Linux 6.1; this program's own architecture says nothing of a host seen through mounted trees.
  const arch = readText(fs.proc("sys/kernel/arch")) ?? (fs.redirected ? undefined : Deno.build.arch);
  if (arch !== undefined) facts.arch = arch;
  const model = parseCpuModel(readText(fs.proc("cpuinfo")) ?? "") ?? readText(fs.proc("device-tree/model"));
  if (model !== undefined) facts.cpu_model = model.replaceAll("\0", "");
  const stat = readOnce(fs.proc("stat"), (bytes) => parseStat(bytes, () => {}));
  if (stat !== undefined) {
    facts.cpu_cores = stat.onlineCount;
    facts.boot_time = stat.bootTimeSeconds;
  }
  const meminfo = readOnce(fs.proc("meminfo"), parseMeminfo);
  if (meminfo !== undefined) facts.ram_total = meminfo.MemTotal;
  const machineId = readText(fs.root("/etc/machine-id"));
  // It says `uninitialized` in an image that has not been booted yet (machine-id(5)).
  if (machineId !== undefined && /^[0-9a-f]{32}$/.test(machineId)) facts.machine_id = machineId;
  const virtualization = virtualizationOf(fs);
  if (virtualization !== undefined) facts.virtualization = virtualization;
  return facts;
}

/** What the runtime knows where there is no `/proc`. */
function runtimeFacts(host: Host): HostFacts {
  if (host.fs.redirected) return {};
  return {
    kernel: Deno.osRelease(),
    arch: Deno.build.arch,
    cpu_cores: navigator.hardwareConcurrency,
    ram_total: Deno.systemMemoryInfo().total,
  };
}

/** Name of the processor in `/proc/cpuinfo`: x86 and others say `model name`; Arm boards name the board, `Model`, at the end. */
export function parseCpuModel(cpuinfo: string): string | undefined {
  const name = /^model name\s*:\s*(.+)$/m.exec(cpuinfo) ?? /^Model\s*:\s*(.+)$/m.exec(cpuinfo);
  return name?.[1]?.trim().slice(0, 1024);
}

function readOnce<T>(path: string, parse: (bytes: Uint8Array) => T): T | undefined {
  const file = hostFile(path);
  try {
    return file.parse(parse);
  } catch {
    return undefined; // The collector of this file reports what is wrong with it; here the fact is absent.
  } finally {
    file.close();
  }
}

/** Addresses that others could reach the host at: not loopback, and not link-local IPv6, of which every interface has one. */
function addresses(): string[] {
  const found = Deno.networkInterfaces()
    .map(({ address }) => address)
    .filter((address) => !/^(127\.|::1$|fe80:)/i.test(address));
  return [...new Set(found)].slice(0, 1024);
}
