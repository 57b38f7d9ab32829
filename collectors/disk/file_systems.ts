/**
 * Which mounts are file systems that somebody keeps data in, and which of several mounts of one file system speaks for it.
 *
 * An allow-list: kernels invent pseudo file systems, and what is none of these is left out. The exception is `/`: an overlay there is
 * all that a container or an appliance has.
 */
import type { Mount } from "../../lib/mountinfo.ts";

/** Who answers for a file system. `virtual` (a process, a hypervisor) and `network` may keep a caller waiting for ever. */
export type Backing = "local" | "virtual" | "network";

/** In this host's kernel, on a disk of this host. */
const localTypes = new Set(
  ("bcachefs btrfs ext2 ext3 ext4 exfat f2fs hfs hfsplus jffs2 jfs minix msdos nilfs2 ntfs ntfs3 reiser4 reiserfs ubifs ufs vfat xfs " +
    "zfs").split(" "),
);

/** On other hosts, or on disks shared with them. */
const networkTypes = new Set(
  ("afs beegfs ceph cifs coda fuse.ceph fuse.ceph-fuse fuse.cephfs fuse.curlftpfs fuse.davfs2 fuse.gcsfuse fuse.glusterfs fuse.goofys " +
    "fuse.juicefs fuse.JuiceFS fuse.mfs fuse.rclone fuse.s3fs fuse.sshfs gfs2 gpfs lustre ncpfs nfs nfs4 ocfs2 smb3 smbfs")
    .split(" "),
);

/** Given by a hypervisor, or by a process over a block device (`fuseblk`: ntfs-3g). */
const virtualTypes = new Set(["9p", "drvfs", "fuseblk", "vboxsf", "virtiofs"]);

/** FUSE that shows what is elsewhere, or files made up on the fly. Any other FUSE is taken for a file system. */
const pseudoFuse =
  /^fuse\.(lxcfs|gvfsd-fuse|portal|snapfuse|squashfuse(_ll)?|fuse-overlayfs|revokefs-fuse|archivemount|.*\.AppImage)$/i;

/** Mount points of images, containers' layers and pods, snapshots and single files that container engines bind. */
const foreignMountpoint = new RegExp(
  "^/(dev|proc|sys|snap|run/(containerd|credentials|docker|k3s|netns|snapd)|var/lib/(containerd|kubelet/pods)|var/snap)/|" +
    "^/var/lib/docker/(?!volumes$)|^/var/lib/containers/storage/|^/var/lib/snapd/|/containers/storage/overlay/|" +
    "/\\.zfs/snapshot/|^/tmp/\\.mount_|^/etc/(hosts|hostname|resolv\\.conf)$",
);

/** What stands behind a mount; `undefined` for one that is not a file system of interest. */
export function backingOf({ fstype, mountpoint }: Pick<Mount, "fstype" | "mountpoint">): Backing | undefined {
  if (foreignMountpoint.test(mountpoint)) return undefined;
  if (localTypes.has(fstype)) return "local";
  if (networkTypes.has(fstype)) return "network";
  if (virtualTypes.has(fstype)) return "virtual";
  if ((fstype === "fuse" || fstype.startsWith("fuse.")) && !pseudoFuse.test(fstype)) return "virtual";
  return fstype === "overlay" && mountpoint === "/" ? "virtual" : undefined;
}

/** A mount that speaks for its file system. */
export interface FileSystem extends Mount {
  readonly backing: Backing;
}

/** One mount for each file system of interest, in the order of the mount table. */
export function chooseFileSystems(mounts: readonly Mount[]): FileSystem[] {
  const visible = new Map(mounts.map((mount) => [mount.mountpoint, mount])); // A later mount covers an earlier one.
  const chosen = new Map<string, FileSystem>();
  for (const mount of visible.values()) {
    const backing = backingOf(mount);
    if (backing === undefined) continue;
    const key = identityOf(mount);
    const other = chosen.get(key);
    if (other === undefined || speaksBetter(mount, other)) chosen.set(key, { ...mount, backing });
  }
  return [...chosen.values()];
}

/**
 * What bind mounts have in common. A block device has one file system; btrfs gives its subvolumes device numbers of their own, so its
 * source tells; one NFS superblock may serve several exports with quotas of their own.
 */
function identityOf({ major, minor, fstype, source }: Mount): string {
  if (fstype === "btrfs") return `btrfs ${source}`;
  return major === 0 ? `${minor} ${source}` : `${major}:${minor}`;
}

/** The root directory's mount first, then one of the whole file system, then the shortest mount point. */
function speaksBetter(mount: Mount, other: Mount): boolean {
  if (other.mountpoint === "/") return false;
  if (mount.mountpoint === "/") return true;
  const isWhole = mount.root === "/";
  // A btrfs subvolume is no part: none of its mounts need be of the whole.
  if (mount.fstype !== "btrfs" && isWhole !== (other.root === "/")) return isWhole;
  return mount.mountpoint.length < other.mountpoint.length;
}

/** True when nothing can be written: by the mount's option, the file system's, or since the kernel gave it up after an error. */
export function isReadOnly({ options, superOptions }: Pick<Mount, "options" | "superOptions">): boolean {
  return options.includes("ro") || superOptions.includes("ro") || superOptions.includes("emergency_ro");
}
