/** Reads the file systems of a Linux host. */
import { type FileSystemSpace, statvfs } from "../../ffi/libc.ts";
import type { HostFs } from "../../lib/host_fs.ts";
import { percentOf } from "../../lib/round.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { hostFile } from "../host_file.ts";
import { diskType } from "./disk_type.ts";
import { type FileSystem, isReadOnly } from "./file_systems.ts";
import { rememberMounts } from "./mount_table.ts";
import type { DiskSettings } from "./settings.ts";
import { cachedLane } from "./space_cache.ts";
import { type AskSpace, type SpaceAnswer, spaceLane } from "./space_lane.ts";

type Disk = MetricData<"disk">;

/**
 * `disk_list` from the mount table of the host's first process and statvfs(3). With another `/proc` and no root directory to go
 * with it there are no sizes: the paths would be this machine's.
 */
export function linuxDisk(host: Host, settings: DiskSettings, ask: AskSpace = statvfs): Collector {
  const file = hostFile(host.fs.procInit("mountinfo"));
  const parse = rememberMounts((fileSystems) =>
    fileSystems.map((fileSystem) => ({ ...fileSystem, description: describe(host.fs, fileSystem) }))
  );
  const lane = cachedLane(
    spaceLane(host.clock, (mountpoint) => ask(host.fs.root(mountpoint))),
    host.clock,
    settings.cache_seconds * 1000,
  );
  const canAsk = !host.fs.redirected || host.fs.root("/") !== "/";

  return {
    async collect() {
      const fileSystems = file.parse(parse);
      const answers = canAsk ? await lane.read(fileSystems) : undefined;
      const disks = fileSystems.map(({ id, description }): Disk => ({
        ...description,
        ...figuresOf(answers?.get(id)),
      }));
      return [{ type: "disk_list", data: { disks } }];
    },
    close: () => file.close(),
  };
}

/** What does not change while it is mounted. */
function describe(fs: HostFs, fileSystem: FileSystem): Disk {
  const type = diskType(fs, fileSystem);
  return {
    ...(fileSystem.source === "" || fileSystem.source === "none" ? {} : { device: fileSystem.source }),
    mountpoint: fileSystem.mountpoint,
    filesystem: fileSystem.fstype,
    ...(type === undefined ? {} : { disk_type: type }),
    read_only: isReadOnly(fileSystem),
  };
}

function figuresOf(answer: SpaceAnswer | undefined): Partial<Disk> {
  if (answer?.status === "hung") return { hung: true, hung_seconds: answer.hungSeconds };
  return answer?.status === "answered" ? sizesOf(answer.space) : {};
}

/**
 * Sizes as `df` computes them. Blocks that only root may use (5 % on ext4) count neither as used nor as available, so
 * used / (used + available) reaches 100 % when ordinary users can write no more.
 */
export function sizesOf(space: FileSystemSpace): Partial<Disk> {
  if (space.blocks === 0) return {}; // FUSE without an answer of its own.
  const used = Math.max(0, space.blocks - space.freeBlocks);
  const inodesUsed = Math.max(0, space.inodes - space.freeInodes);
  return {
    disk_total: space.blocks * space.blockBytes,
    disk_used: used * space.blockBytes,
    disk_available: space.availableBlocks * space.blockBytes,
    disk_used_pct: percentOf(used, used + space.availableBlocks),
    ...(space.inodes === 0 ? {} : {
      inodes_total: space.inodes,
      inodes_used: inodesUsed,
      inodes_pct: percentOf(inodesUsed, space.inodes),
    }),
  };
}
