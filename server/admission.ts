/**
 * Bounds on what is worked on at once: bytes of bodies held, and bodies inflated at the same time.
 *
 * A body may inflate to a thousand times its size, so only a few are inflated at once; the others wait compressed.
 */

/** Bytes that all requests together may hold. */
export interface ByteBudget {
  /** Takes `bytes`; the function gives them back. `undefined` when there is not so much left. */
  take(bytes: number): (() => void) | undefined;
  readonly usedBytes: number;
}

/** Makes a budget. */
export function createByteBudget(totalBytes: number): ByteBudget {
  let usedBytes = 0;
  return {
    take(bytes) {
      if (usedBytes + bytes > totalBytes) return undefined;
      usedBytes += bytes;
      return () => usedBytes -= bytes;
    },
    get usedBytes() {
      return usedBytes;
    },
  };
}

/** Runs work with at most `slots` pieces of it at once, in the order in which it was asked for. */
export function createSlots(slots: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = slots;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
