/** The `scan:` section of `zpool status`: a scrub or resilver, done or under way. */
import { clip } from "../../lib/text.ts";
import type { Volume } from "./volume.ts";

const units: Readonly<Record<string, number>> = {
  B: 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
  P: 2 ** 50,
};

/** Parses the section; `{}` when nothing was ever scanned. */
export function parseScan(text: string): Partial<Volume> {
  if (text === "" || text === "none requested") return {};
  const firstLine = text.split("\n", 1)[0] ?? "";
  const running = /^(scrub|resilver)(?:ed)? (?:in progress|paused)/.exec(firstLine);
  if (running?.[1] !== undefined) {
    return { scrub: clip(firstLine), sync_action: running[1], ...progressOf(text) };
  }
  const done = / with (\d+) errors on (.+)$/.exec(firstLine);
  const finished = done?.[2] === undefined ? undefined : unixTime(done[2]);
  return {
    scrub: clip(firstLine),
    ...(done === null ? {} : { scrub_errors: Number(done[1]) }),
    ...(finished === undefined ? {} : { scrub_finished: finished }),
  };
}

/** `…, 1.02G issued at 90M/s, 5G total` and `0B repaired, 21.06% done, 00:01:00 to go`. */
function progressOf(text: string): Partial<Volume> {
  const percent = /([\d.]+)% done/.exec(text)?.[1];
  const speed = /issued at ([\d.]+)([BKMGTP])\/s/.exec(text) ?? /at ([\d.]+)([BKMGTP])\/s/.exec(text);
  const left = /(?:(\d+) days? )?(\d+):(\d\d):(\d\d) to go/.exec(text);
  return {
    ...(percent === undefined ? {} : { sync_percent: Number(percent) }),
    ...(speed === null
      ? {}
      : { sync_bytes_per_second: Math.round(Number(speed[1]) * (units[speed[2] ?? "B"] ?? 1)) }),
    ...(left === null ? {} : {
      sync_finish_seconds: Number(left[1] ?? 0) * 86_400 + Number(left[2]) * 3600 + Number(left[3]) * 60 +
        Number(left[4]),
    }),
  };
}

/** Time in the form of ctime(3), which `zpool` prints in the host's time zone: the agent's own. */
function unixTime(text: string): number | undefined {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
