#!/bin/bash
# Boots this machine's own systemd as the first process of namespaces of its own, on a throw-away overlay of the root file system.
#
#   systemd_namespace.sh FOLDER UNITS
#
# FOLDER is an empty folder to work in, UNITS one with unit files, of which spectra.target is started. Needs root and unshare(1).
# Prints the process number of that systemd; SIGTERM ends it and everything in it.
set -eu
work=$1
units=$2
name=spectra-test-$$
hierarchies=$(awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts)

# systemd wants the top of its cgroup namespace for itself: it gets a group below ours.
enter_groups() {
  local hierarchy
  for hierarchy in $hierarchies; do
    mkdir -p "$hierarchy/$name"
    if [ -e "$hierarchy/$name/cpuset.cpus" ]; then
      cat "$hierarchy/cpuset.cpus" >"$hierarchy/$name/cpuset.cpus"
      cat "$hierarchy/cpuset.mems" >"$hierarchy/$name/cpuset.mems"
    fi
    echo "$BASHPID" >"$hierarchy/$name/cgroup.procs"
  done
}

# What was killed is gone from its group a moment later.
leave_groups() {
  local hierarchy attempt
  for hierarchy in $hierarchies; do
    for attempt in {1..50}; do
      find "$hierarchy/$name" -depth -type d -exec rmdir {} \; 2>/dev/null
      [ -e "$hierarchy/$name" ] || break
      sleep 0.1
    done
  done
}

boot='
  set -eu
  work=$1 units=$2
  read -r pid _ </proc/self/stat # In the numbers of the machine, whose /proc this still is.
  mount -t tmpfs -o mode=755 work "$work"
  mkdir "$work/upper" "$work/work" "$work/root"
  mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" overlay "$work/root"
  cp -a "$units/." "$work/root/etc/systemd/system/"
  groups=$(awk "\$3 == \"cgroup\" { print \$2 }" /proc/mounts)
  cd "$work/root"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t tmpfs -o mode=755 dev dev
  for device in null zero full random urandom tty; do
    touch dev/$device
    mount --bind /dev/$device dev/$device
  done
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  if [ -z "$groups" ]; then
    mount -t cgroup2 cgroup2 sys/fs/cgroup
  else
    mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
    for hierarchy in $groups; do
      controllers=${hierarchy##*/}
      mkdir "sys/fs/cgroup/$controllers"
      case $controllers in systemd) controllers=none,name=systemd,xattr ;; esac
      mount -t cgroup -o "$controllers" cgroup "sys/fs/cgroup/${hierarchy##*/}"
    done
    mkdir sys/fs/cgroup/unified
    mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
  fi
  mount -t tmpfs -o mode=755 run run
  mount -t tmpfs tmp tmp
  : >etc/fstab
  mkdir -p mnt/old
  pivot_root . mnt/old
  umount -l mnt/old
  echo "$pid"
  exec env -i container=spectra PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    "$(command -v /usr/lib/systemd/systemd /lib/systemd/systemd | head -1)" --log-level=crit systemd.unit=spectra.target
'

(
  enter_groups
  exec unshare --pid --fork --kill-child --mount --uts --ipc --net --cgroup --propagation private \
    bash -c "$boot" boot "$work" "$units"
) &
child=$!
trap 'kill -KILL $child 2>/dev/null || true' TERM INT
wait $child || true
wait $child 2>/dev/null || true
leave_groups
