/** Memory and swap: use, caches, swapping, pressure, what the kernel killed for want of it. */
import { type CollectorDefinition, withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxMemory } from "./linux.ts";
import { memorySettings } from "./settings.ts";

/** The `memory` collector. */
export const memoryDefinition: CollectorDefinition = withSettings({
  name: "memory",
  summary: "Memory and swap in use, caches, huge pages, ZFS cache, swapping, pressure, OOM kills",
  types: ["memory"],
  intervalSeconds: 5,
  deadlineMs: 2000,
  detect: linuxOnly,
  settings: memorySettings,
  create: linuxMemory,
});
