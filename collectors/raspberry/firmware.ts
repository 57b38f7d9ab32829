/** A Raspberry Pi as its firmware describes it (the wiki of raspberrypi/firmware: "Mailbox property interface"). */
import type { Firmware } from "../../ffi/vcio.ts";
import { type Board, clockIds, readClocks, readVoltages, voltageIds } from "./board.ts";
import { decodeThrottled } from "./throttled.ts";

const tag = {
  memorySplit: 0x0001_0006,
  clockRate: 0x0003_0002,
  voltage: 0x0003_0003,
  throttled: 0x0003_0046,
  measuredClockRate: 0x0003_0047,
} as const;

/** What the voltage tag answers for a voltage that the board does not have. */
const noVoltage = 0x8000_0000;

/** Asks the firmware. `unknown` remembers what it did not know: the driver logs each such question, so none is asked twice. */
export async function readFirmware(firmware: Firmware, unknown: Set<string>): Promise<Board> {
  function ask(which: number, values: readonly number[]): Uint32Array | undefined {
    const question = `${which} ${values[0] ?? ""}`;
    if (unknown.has(question)) return undefined;
    const answer = firmware.ask(which, values);
    if (answer === undefined) unknown.add(question);
    return answer;
  }
  const board: Board = {};
  // The request's value is a mask of bits to forget: none, as they are everybody's.
  const throttled = ask(tag.throttled, [0])?.[0];
  if (throttled !== undefined) board.throttle = decodeThrottled(throttled);
  board.clock = await readClocks((name) => {
    const id = clockIds[name];
    return ask(tag.measuredClockRate, [id, 0])?.[1] ?? ask(tag.clockRate, [id, 0])?.[1];
  });
  board.voltage = await readVoltages((name) => {
    const microvolts = ask(tag.voltage, [voltageIds[name], 0])?.[1];
    return microvolts === undefined || microvolts >= noVoltage ? undefined : microvolts / 1e6;
  });
  const split = ask(tag.memorySplit, [0, 0])?.[1];
  if (split !== undefined) board.gpu = { gpu_mem_total: split };
  return board;
}
