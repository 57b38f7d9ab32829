/**
 * How the kernel's clock is kept: adjtimex(2) asked without changing anything, which every user may.
 *
 * `struct timex` (kernel: `include/uapi/linux/timex.h`) is 208 bytes with the same layout on x86-64 and arm64: `modes` u32 at 0, `offset`
 * i64 at 8, `freq` 16, `maxerror` 24, `esterror` 32, `status` i32 at 40, … `tai` i32 at 160.
 */

const symbols = {
  adjtimex: { parameters: ["buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

let library: Deno.DynamicLibrary<typeof symbols> | undefined;

/** What the kernel knows of its clock. */
export interface ClockState {
  /** Return value of the call: 0 TIME_OK, 1 and 2 leap second announced (insert, delete), 3 and 4 in one, 5 TIME_ERROR. */
  readonly state: number;
  readonly offsetSeconds: number;
  readonly maxErrorSeconds: number;
  readonly estimatedErrorSeconds: number;
  readonly frequencyPpm: number;
  /** `STA_…` bits. */
  readonly status: number;
  readonly taiOffsetSeconds: number;
}

/** Size of `struct timex`, including the space that it reserves. */
export const timexBytes = 208;

/**
 * Asks the kernel of this machine.
 *
 * @throws When the C library can't be loaded or the call fails.
 */
export function readClockState(): ClockState {
  try {
    library ??= Deno.dlopen("libc.so.6", symbols);
  } catch (cause) {
    throw new Error("Cannot load libc.so.6: this needs Linux with glibc 2.27 or later", { cause });
  }
  const timex = new Uint8Array(timexBytes); // modes = 0: change nothing.
  const state = library.symbols.adjtimex(timex);
  if (state < 0) throw new Error("adjtimex failed: the kernel does not tell how its clock is kept");
  return decodeTimex(state, timex);
}

/** Reads a `struct timex` that the kernel has filled. */
export function decodeTimex(state: number, timex: Uint8Array): ClockState {
  const STA_NANO = 0x2000;
  const view = new DataView(timex.buffer, timex.byteOffset, timex.byteLength);
  const field = (offset: number) => Number(view.getBigInt64(offset, true));
  const status = view.getInt32(40, true);
  return {
    state,
    offsetSeconds: field(8) / (status & STA_NANO ? 1e9 : 1e6),
    maxErrorSeconds: field(24) / 1e6, // Microseconds in either mode.
    estimatedErrorSeconds: field(32) / 1e6,
    frequencyPpm: field(16) / 65536,
    status,
    taiOffsetSeconds: view.getInt32(160, true),
  };
}
