/** Reads what a Linux host says about itself that changes seldom. */
import { readClockState } from "../../ffi/timex.ts";
import { type HostFs, readInteger, readText } from "../../lib/host_fs.ts";
import { logger } from "../../lib/log.ts";
import type { Measurement, MetricData } from "../../protocol/metrics/mod.ts";
import type { Collector, Host } from "../collector.ts";
import { isThisKernel } from "../kernel.ts";
import { readOsRelease } from "../os_release.ts";
import { virtualizationOf } from "../virtualization.ts";
import { daysUntil, endOfLifeOf } from "./end_of_life.ts";
import { readReboot } from "./reboot.ts";
import { readSessionList } from "./sessions.ts";
import { taintsOf } from "./taint.ts";
import { timeOf } from "./time.ts";

const log = logger("collectors", "system_extras");

type OsStatus = MetricData<"os_status">;

/** `os_status`, `session_list` where `/run` can be seen, and `time` where it is this machine's clock. */
export function linuxSystemExtras(host: Host): Collector {
  const { fs } = host;
  let mayAskClock = isThisKernel(fs);

  function readTime(): Measurement[] {
    if (!mayAskClock) return [];
    try {
      return [{ type: "time", data: timeOf(readClockState()) }];
    } catch (error) {
      mayAskClock = false; // Containers may be kept from asking; that does not change while we run.
      log.warning("How the clock is kept stays unknown: {error}", { error });
      return [];
    }
  }

  return {
    collect() {
      const sessions = readSessionList(fs);
      return [
        { type: "os_status", data: readOsStatus(host) },
        ...(sessions === undefined ? [] : [{ type: "session_list" as const, data: { sessions } }]),
        ...readTime(),
      ];
    },
  };
}

function readOsStatus({ fs, clock }: Host): OsStatus {
  const status: OsStatus = readReboot(fs);
  const endOfLife = endOfLifeOf(readOsRelease(fs));
  if (endOfLife !== undefined) {
    status.end_of_life = endOfLife;
    const days = daysUntil(endOfLife, clock.now());
    if (days !== undefined) status.end_of_life_days = days;
  }
  const entropy = readInteger(fs.proc("sys/kernel/random/entropy_avail"));
  if (entropy !== undefined) status.entropy_bits = entropy;
  const tainted = readInteger(fs.proc("sys/kernel/tainted"));
  if (tainted !== undefined) {
    status.kernel_tainted = tainted;
    status.kernel_taints = taintsOf(tainted);
  }
  const virtualization = virtualizationOf(fs);
  if (virtualization !== undefined) status.virtualization = virtualization;
  addSecurityModules(status, fs);
  return status;
}

function addSecurityModules(status: OsStatus, fs: HostFs): void {
  const enforcing = readInteger(fs.sys("fs/selinux/enforce"));
  if (enforcing !== undefined) status.selinux = enforcing === 1 ? "enforcing" : "permissive";
  const apparmor = readText(fs.sys("module/apparmor/parameters/enabled"));
  if (apparmor !== undefined) status.apparmor_enabled = apparmor === "Y" ? 1 : 0;
}
