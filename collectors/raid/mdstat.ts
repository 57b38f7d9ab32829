/**
 * Progress in `/proc/mdstat` (kernel: drivers/md/md.c, status_resync), the only place where it is up to date: sysfs' `sync_completed`
 * moves on at checkpoints, minutes apart.
 *
 * ```
 * md0 : active raid1 sdb1[2] sda1[0]
 *       130048 blocks super 1.2 [2/1] [U_]
 *       [=>...................]  recovery =  9.0% (12160/130048) finish=0.9min speed=2026K/sec
 * ```
 */
import { percentOf } from "../../lib/round.ts";

/** How far a resync, recovery, reshape or check has come. */
export interface SyncProgress {
  readonly percent: number;
  readonly bytesPerSecond: number;
  /** Until it is done, at the pace of the last half minute. */
  readonly finishSeconds: number;
}

/** Progress by array. Arrays that are idle, or wait for their turn (`resync=DELAYED`), have none. */
export function parseMdstat(text: string): Map<string, SyncProgress> {
  const progress = new Map<string, SyncProgress>();
  let array = "";
  for (const line of text.split("\n")) {
    array = /^(md\S*) : /.exec(line)?.[1] ?? array;
    const found = / = +[\d.]+% \((\d+)\/(\d+)\) finish=([\d.]+)min speed=(\d+)K\/sec/.exec(line);
    if (found === null || array === "") continue;
    const [done, total, minutes, kibibytes] = found.slice(1).map(Number);
    if (done === undefined || total === undefined || minutes === undefined || kibibytes === undefined) {
      continue;
    }
    progress.set(array, {
      percent: percentOf(done, total),
      bytesPerSecond: kibibytes * 1024,
      finishSeconds: Math.round(minutes * 60),
    });
  }
  return progress;
}
