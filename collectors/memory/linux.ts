/** Reads the memory of a Linux host. */
import { percentOf } from "../../lib/round.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile, optionalHostFile } from "../host_file.ts";
import { pressureReader } from "../pressure.ts";
import { hasLxcfsMeminfo } from "../virtualization.ts";
import { pageSizeOfFree, readPageSize } from "./page_size.ts";
import {
  type Arc,
  availableBytes,
  type Meminfo,
  parseArcstats,
  parseMeminfo,
  parseVmstat,
  unusedBytes,
  type Vmstat,
} from "./parse.ts";
import type { MemorySettings } from "./settings.ts";

type MemoryData = MetricData<"memory">;

/** Lines of `meminfo` that go on the wire as they are. */
const plainFields = [
  ["ram_total", "MemTotal"],
  ["ram_free", "MemFree"],
  ["buffers", "Buffers"],
  ["cached", "Cached"],
  ["shared", "Shmem"],
  ["slab_reclaimable", "SReclaimable"],
  ["slab_unreclaimable", "SUnreclaim"],
  ["dirty", "Dirty"],
  ["writeback", "Writeback"],
  ["committed", "Committed_AS"],
  ["commit_limit", "CommitLimit"],
  ["hardware_corrupted", "HardwareCorrupted"],
  ["huge_pages_total", "HugePages_Total"],
  ["huge_pages_free", "HugePages_Free"],
  ["huge_page_bytes", "Hugepagesize"],
] as const;

/** `memory` from `/proc/meminfo`, `/proc/vmstat`, ZFS's `arcstats` and `/proc/pressure/memory`. */
export function linuxMemory(host: Host, settings: MemorySettings): Collector {
  const meminfoFile = hostFile(host.fs.proc("meminfo"));
  // Emulations of Linux (gVisor) have no vmstat.
  const vmstatFile = optionalHostFile(host.fs.proc("vmstat"), host.clock);
  const arcFile = optionalHostFile(host.fs.proc("spl/kstat/zfs/arcstats"), host.clock);
  const pressure = pressureReader(host.fs.proc("pressure/memory"), host.clock);
  const isContainerView = hasLxcfsMeminfo(host.fs);
  const auxvPageSize = readPageSize(host.fs);

  return {
    collect(): Measurement[] {
      const data: MemoryData = {};
      const meminfo = meminfoFile.parse(parseMeminfo);
      for (const [field, name] of plainFields) {
        const value = meminfo[name];
        if (value !== undefined) data[field] = value;
      }
      // The cache is the whole machine's: it is no part of what a container is shown.
      addUse(data, meminfo, isContainerView ? undefined : arcFile.parse(parseArcstats), settings.used);
      addSwap(data, meminfo);
      const vmstat = vmstatFile.parse(parseVmstat);
      if (vmstat !== undefined) {
        const pageSize = auxvPageSize ?? pageSizeOfFree(meminfo.MemFree, vmstat.freePages);
        addEvents(data, vmstat, pageSize);
      }
      const { someSeconds, fullSeconds } = pressure.read();
      if (someSeconds !== undefined) data.pressure_some_seconds = someSeconds;
      if (fullSeconds !== undefined) data.pressure_full_seconds = fullSeconds;
      return [{ type: "memory", data }];
    },
    close() {
      meminfoFile.close();
      vmstatFile.close();
      arcFile.close();
      pressure.close();
    },
  };
}

function addUse(
  data: MemoryData,
  meminfo: Meminfo,
  arc: Arc | undefined,
  formula: MemorySettings["used"],
): void {
  data.ram_available = availableBytes(meminfo, arc);
  data.ram_used = meminfo.MemTotal - unusedBytes(meminfo, arc, formula);
  data.ram_used_pct = percentOf(data.ram_used, meminfo.MemTotal);
  if (arc !== undefined) {
    data.zfs_arc = arc.sizeBytes;
    data.zfs_arc_min = arc.minimumBytes;
  }
}

function addSwap(data: MemoryData, meminfo: Meminfo): void {
  const { SwapTotal: total, SwapFree: free } = meminfo;
  if (total === undefined || free === undefined) return;
  data.swap_total = total;
  data.swap_used = Math.max(0, total - free);
  data.swap_pct = percentOf(data.swap_used, total);
}

function addEvents(data: MemoryData, vmstat: Vmstat, pageSize: number | undefined): void {
  if (pageSize !== undefined) {
    if (vmstat.swapInPages !== undefined) data.swap_in_bytes = vmstat.swapInPages * pageSize;
    if (vmstat.swapOutPages !== undefined) data.swap_out_bytes = vmstat.swapOutPages * pageSize;
  }
  if (vmstat.majorFaults !== undefined) data.page_faults_major = vmstat.majorFaults;
  if (vmstat.oomKills !== undefined) data.oom_kills = vmstat.oomKills;
}
