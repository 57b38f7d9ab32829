/**
 * Bound on what is worked on at once.
 *
 * A body may inflate to a thousand times its size, so only a few are inflated at once; the others wait compressed.
 */

/**
 * Runs work with at most `slots` pieces of it at once and one of each owner, otherwise in the order in which it was asked
 * for.
 */
export function createSlots(slots: number): <T>(owner: string, work: () => Promise<T>) => Promise<T> {
  let free = slots;
  const working = new Set<string>();
  const waiting: { readonly owner: string; start(): void }[] = [];

  function startNext(): void {
    const index = free === 0 ? -1 : waiting.findIndex(({ owner }) => !working.has(owner));
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next === undefined) return;
    free--;
    working.add(next.owner);
    next.start();
  }

  return async (owner, work) => {
    await new Promise<void>((start) => {
      waiting.push({ owner, start });
      startNext();
    });
    try {
      return await work();
    } finally {
      free++;
      working.delete(owner);
      startNext();
    }
  };
}
