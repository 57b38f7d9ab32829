/** Memory and swap: `memory`. */
import * as z from "zod/mini";
import { counter, gauge } from "../measure.ts";

const bytes = (help: string, prometheus: string, otel?: string) =>
  z.optional(gauge({ unit: "By", help, prometheus, ...(otel === undefined ? {} : { otel }) }));

/** Data of a `memory` envelope. */
export const memory = z.object({
  ram_total: bytes("Usable memory.", "node_memory_MemTotal_bytes", "system.memory.limit"),
  ram_used: bytes(
    "Total minus available: what programs hold and cannot be given back without swapping (as `free`, procps 4); another formula " +
      "where collectors.memory.used says so.",
    "spectra_memory_used_bytes",
    "system.memory.usage{system.memory.state=used}",
  ),
  ram_available: bytes(
    "What new programs could get without swapping, ZFS's shrinkable cache included.",
    "node_memory_MemAvailable_bytes",
    "system.memory.linux.available",
  ),
  ram_used_pct: z.optional(gauge({
    unit: "%",
    help: "Share of usable memory that is used.",
    prometheus: "spectra_memory_used_percent",
    otel: "system.memory.utilization",
  })),
  swap_total: bytes("Swap space.", "node_memory_SwapTotal_bytes", "system.paging.usage"),
  swap_used: bytes(
    "Swap in use.",
    "spectra_memory_swap_used_bytes",
    "system.paging.usage{system.paging.state=used}",
  ),
  swap_pct: z.optional(gauge({
    unit: "%",
    help: "Share of swap in use.",
    prometheus: "spectra_memory_swap_used_percent",
    otel: "system.paging.utilization",
  })),
  ram_free: bytes(
    "Memory used for nothing.",
    "node_memory_MemFree_bytes",
    "system.memory.usage{system.memory.state=free}",
  ),
  buffers: bytes(
    "Block device buffers.",
    "node_memory_Buffers_bytes",
    "system.memory.usage{system.memory.state=buffers}",
  ),
  cached: bytes(
    "Page cache, shared memory included.",
    "node_memory_Cached_bytes",
    "system.memory.usage{system.memory.state=cached}",
  ),
  shared: bytes("Shared memory and tmpfs.", "node_memory_Shmem_bytes", "system.memory.linux.shared"),
  slab_reclaimable: bytes("Kernel memory that can be given back.", "node_memory_SReclaimable_bytes"),
  slab_unreclaimable: bytes("Kernel memory that cannot.", "node_memory_SUnreclaim_bytes"),
  dirty: bytes("Data waiting to be written to disk.", "node_memory_Dirty_bytes"),
  writeback: bytes("Data being written to disk.", "node_memory_Writeback_bytes"),
  committed: bytes("Memory promised to programs.", "node_memory_Committed_AS_bytes"),
  commit_limit: bytes("Most that can be promised under strict overcommit.", "node_memory_CommitLimit_bytes"),
  hardware_corrupted: bytes(
    "Memory taken out of use because of hardware errors.",
    "node_memory_HardwareCorrupted_bytes",
  ),
  huge_pages_total: z.optional(gauge({
    unit: "{page}",
    help: "Huge pages in the pool.",
    prometheus: "node_memory_HugePages_Total",
  })),
  huge_pages_free: z.optional(gauge({
    unit: "{page}",
    help: "Huge pages of the pool not in use.",
    prometheus: "node_memory_HugePages_Free",
  })),
  huge_page_bytes: bytes("Size of one default huge page.", "node_memory_Hugepagesize_bytes"),
  zfs_arc: bytes("ZFS adaptive replacement cache.", "node_zfs_arc_size"),
  zfs_arc_min: bytes("Size under which ZFS does not shrink its cache.", "node_zfs_arc_c_min"),
  swap_in_bytes: z.optional(counter({
    unit: "By",
    help: "Read back from swap since boot.",
    prometheus: "spectra_memory_swap_in_bytes_total",
    otel: "system.paging.operations{system.paging.direction=in}",
  })),
  swap_out_bytes: z.optional(counter({
    unit: "By",
    help: "Written to swap since boot.",
    prometheus: "spectra_memory_swap_out_bytes_total",
    otel: "system.paging.operations{system.paging.direction=out}",
  })),
  page_faults_major: z.optional(counter({
    unit: "{fault}",
    help: "Page faults that had to read from disk, since boot.",
    prometheus: "node_vmstat_pgmajfault",
    otel: "system.paging.faults{system.paging.fault.type=major}",
  })),
  oom_kills: z.optional(counter({
    unit: "{kill}",
    help: "Processes killed for want of memory, since boot.",
    prometheus: "node_vmstat_oom_kill",
  })),
  pressure_some_seconds: z.optional(counter({
    unit: "s",
    help: "Time in which at least one task waited for memory (PSI).",
    prometheus: "node_pressure_memory_waiting_seconds_total",
  })),
  pressure_full_seconds: z.optional(counter({
    unit: "s",
    help: "Time in which all tasks waited for memory (PSI).",
    prometheus: "node_pressure_memory_stalled_seconds_total",
  })),
});
