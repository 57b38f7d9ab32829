/** File systems: how full, read-only, hung. */
import { type CollectorDefinition, withSettings } from "../collector.ts";
import { linuxOnly } from "../linux_only.ts";
import { linuxDisk } from "./linux.ts";
import { diskSettings } from "./settings.ts";

/** The `disk` collector. Its deadline is beyond the 2 s that mounts have to answer. */
export const diskDefinition: CollectorDefinition = withSettings({
  name: "disk",
  summary: "Size and use of each file system, inodes, read-only and hung mounts",
  types: ["disk_list"],
  intervalSeconds: 30,
  deadlineMs: 5000,
  detect: linuxOnly,
  settings: diskSettings,
  create: (host, settings) => linuxDisk(host, settings),
});
