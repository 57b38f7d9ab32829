/**
 * `/proc/net/wireless`: wireless interfaces as the old wireless extensions show them (kernel: `net/wireless/wext-proc.c`).
 *
 * ```
 * Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 *  face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 *  wlan0: 0000   70.  -30.  -256        0      0      0      0      0        0
 * ```
 *
 * A point after a value says that it was updated. Levels are in dBm where they are negative; else the driver has a scale of its own.
 */
import type { MetricData } from "../../protocol/metrics/mod.ts";

/** What stands for "no noise level". */
const noNoise = -256;

/** Parses the file; lines that are none of an interface are left out. */
export function parseProcWireless(text: string): MetricData<"wifi">[] {
  return text.split("\n").flatMap((line) => {
    const [, name, rest] = /^\s*(\S+):\s+(.*)$/.exec(line) ?? [];
    const [, link, level, noise, , , , retry, , missed] = (rest ?? "").split(/\s+/).map((field) =>
      Number.parseFloat(field)
    );
    if (name === undefined || !isNumber(link)) return [];
    return [{
      interface: name,
      link_quality: link,
      ...(isNumber(level) && level < 0 ? { signal_dbm: level } : {}),
      ...(isNumber(noise) && noise < 0 && noise !== noNoise ? { noise_dbm: noise } : {}),
      ...(isNumber(retry) && retry >= 0 ? { tx_failed: retry } : {}),
      ...(isNumber(missed) && missed >= 0 ? { beacon_loss: missed } : {}),
    }];
  });
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}
