/** Whether the host that is measured runs on this machine's kernel: then what only a system call tells may be asked. */
import { type HostFs, hostFs, readText } from "../lib/host_fs.ts";

/** True when both are the same boot of the same kernel: also for a container that has the host's `/proc` mounted. */
export function isThisKernel(fs: HostFs): boolean {
  if (!fs.redirected) return true;
  const bootId = readText(fs.proc("sys/kernel/random/boot_id"));
  return bootId !== undefined && bootId === readText(hostFs().proc("sys/kernel/random/boot_id"));
}
