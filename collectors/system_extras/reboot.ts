/** Whether the host has to be restarted for an update to take effect. */
import { type HostFs, readText } from "../../lib/host_fs.ts";
import type { MetricData } from "../../protocol/metrics/mod.ts";
import { containerView } from "../virtualization.ts";
import { newerKernel } from "./kernel_release.ts";

/** What is known of it; all absent where neither packages nor kernels tell. */
export type Reboot = Pick<MetricData<"os_status">, "reboot_required" | "reboot_packages" | "newer_kernel">;

/** Most packages and most kernels that are looked at. */
const most = { packages: 1000, kernels: 1000 } as const;

/** Debian and Ubuntu's packages leave `/run/reboot-required`; on any distribution a newer kernel than the running one tells. */
export function readReboot(fs: HostFs): Reboot {
  const packages = readText(fs.root("/run/reboot-required.pkgs"));
  const asked = packages !== undefined || readText(fs.root("/run/reboot-required")) !== undefined;
  const reboot: Reboot = {};
  if (packages !== undefined) {
    const names = packages.split("\n").map((name) => name.trim().slice(0, 256)).filter((name) => name !== "");
    reboot.reboot_packages = [...new Set(names)].slice(0, most.packages);
  }
  // A container's kernel is the machine's, and what it has installed of kernels is not started.
  const kernels = containerView(fs) === undefined ? installedKernels(fs) : [];
  const running = readText(fs.proc("sys/kernel/osrelease"));
  const newer = running === undefined ? undefined : newerKernel(running, kernels);
  if (newer !== undefined) reboot.newer_kernel = newer;
  if (asked || newer !== undefined) reboot.reboot_required = 1;
  else if (kernels.length > 0) reboot.reboot_required = 0;
  return reboot;
}

/** Kernels with an image in `/boot`, or with a list of modules: what a removed package leaves behind has none. */
function installedKernels(fs: HostFs): string[] {
  const releases = new Set<string>();
  for (const name of namesIn(fs.root("/boot"))) {
    const [, release] = /^vmlinu[xz]-(\d.{0,200})$/.exec(name) ?? [];
    if (release !== undefined) releases.add(release);
  }
  const modules = fs.root("/usr/lib/modules");
  for (const name of namesIn(modules)) {
    if (/^\d.{0,200}$/.test(name) && isFile(`${modules}/${name}/modules.dep`)) releases.add(name);
  }
  return [...releases];
}

function namesIn(folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (names.push(name) === most.kernels) break;
    }
  } catch {
    // Many hosts have no such folder, or keep it from us.
  }
  return names;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // An answer, not a failure.
  }
}
