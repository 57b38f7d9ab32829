/** Reads the facts of a Linux host as a whole. */
import { readText } from "../../lib/host_fs.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { parseStat } from "../cpu/parse.ts";
import { hostFile, optionalHostFile } from "../host_file.ts";
import { parseLoadAverage } from "../load_average.ts";
import { readOsRelease } from "../os_release.ts";
import { containerView } from "../virtualization.ts";
import { readLogins } from "./logins.ts";
import { parseFileHandles, parseUptime } from "./parse.ts";

type SystemData = MetricData<"system">;

/** `system` from `/proc`, `os-release`, and `utmp` or systemd's sessions. */
export function linuxSystem(host: Host): Collector {
  const { fs } = host;
  const uptime = hostFile(fs.proc("uptime"));
  const stat = hostFile(fs.proc("stat"));
  const loadAverage = hostFile(fs.proc("loadavg"));
  const fileHandles = optionalHostFile(fs.proc("sys/fs/file-nr"), host.clock);
  const view = containerView(fs);

  return {
    collect(): Measurement[] {
      const data: SystemData = {
        uptime: uptime.parse(parseUptime),
        boot_time: stat.parse((bytes) => parseStat(bytes, () => {})).bootTimeSeconds,
        processes: countProcesses(fs.proc("")),
        threads: loadAverage.parse(parseLoadAverage).threads,
      };
      const handles = fileHandles.parse(parseFileHandles);
      if (handles !== undefined) data.file_handles = handles.open;
      if (handles?.most !== undefined) data.file_handles_max = handles.most;
      const users = readLogins(fs);
      if (users !== undefined) data.users = users;
      addIdentity(data, host);
      if (view !== undefined) data.view = view;
      return [{ type: "system", data }];
    },
    close() {
      uptime.close();
      stat.close();
      loadAverage.close();
      fileHandles.close();
    },
  };
}

function addIdentity(data: SystemData, { fs }: Host): void {
  const { name, versionId } = readOsRelease(fs);
  const kernel = readText(fs.proc("sys/kernel/osrelease"));
  const bootId = readText(fs.proc("sys/kernel/random/boot_id"));
  if (bootId !== undefined) data.boot_id = bootId;
  if (name !== undefined) data.os_name = name;
  if (versionId !== undefined) data.os_version = versionId;
  if (kernel !== undefined) data.kernel = kernel;
}

/** Every process is a folder named by its number. */
function countProcesses(procfs: string): number {
  let count = 0;
  for (const { name } of Deno.readDirSync(procfs)) {
    const first = name.charCodeAt(0);
    if (first >= 0x30 && first <= 0x39) count++;
  }
  return count;
}
