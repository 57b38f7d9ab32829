/** A Raspberry Pi as `vcgencmd` describes it, where there is no `/dev/vcio` (Raspberry Pi documentation: "vcgencmd"). */
import type { VendorOutcome } from "../vendor_command.ts";
import { type Board, readClocks, readVoltages } from "./board.ts";
import { decodeThrottled } from "./throttled.ts";

/** Runs `vcgencmd` with arguments. */
export type RunVcgencmd = (...args: string[]) => Promise<VendorOutcome>;

/** Asks it for everything, one question after the other; `{}` where there is no such program or it can't ask either. */
export async function readVcgencmd(run: RunVcgencmd): Promise<Board> {
  async function ask(pattern: RegExp, ...args: string[]): Promise<number | undefined> {
    const outcome = await run(...args);
    if (outcome.status !== "ended" || outcome.code !== 0) return undefined;
    const value = pattern.exec(outcome.stdout)?.[1];
    return value === undefined ? undefined : Number(value);
  }
  const throttled = await ask(/^throttled=(0x[0-9a-f]{1,8})\s*$/i, "get_throttled");
  if (throttled === undefined) return {};
  const megabytes = await ask(/^gpu=(\d+)M\s*$/, "get_mem", "gpu");
  return {
    throttle: decodeThrottled(throttled),
    clock: await readClocks((name) => ask(/^frequency\(\d+\)=(\d+)\s*$/, "measure_clock", name)),
    voltage: await readVoltages((name) => ask(/^volt=(\d+\.\d+)V\s*$/, "measure_volts", name)),
    ...(megabytes === undefined ? {} : { gpu: { gpu_mem_total: megabytes * 2 ** 20 } }),
  };
}
