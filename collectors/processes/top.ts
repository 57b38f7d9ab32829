/** Which of many processes are worth a line. */

/**
 * The `count` items with the highest scores, highest first; of equal ones, those with the higher `tieBreak`. Items without a score are
 * left out. It keeps no more than `count` items, however many there are.
 */
export function topOf<T>(
  items: Iterable<T>,
  count: number,
  score: (item: T) => number | undefined,
  tieBreak: (item: T) => number,
): T[] {
  const top: { item: T; score: number; tieBreak: number }[] = [];
  for (const item of items) {
    const own = score(item);
    if (own === undefined) continue;
    const last = top[count - 1];
    if (count === 0 || (last !== undefined && !isAbove(own, item, last))) continue;
    if (last !== undefined) top.pop();
    let place = top.length;
    for (
      let above = top[place - 1];
      above !== undefined && isAbove(own, item, above);
      above = top[place - 1]
    ) {
      place--;
    }
    top.splice(place, 0, { item, score: own, tieBreak: tieBreak(item) });
  }
  return top.map(({ item }) => item);

  function isAbove(own: number, item: T, other: { score: number; tieBreak: number }): boolean {
    return own > other.score || (own === other.score && tieBreak(item) > other.tieBreak);
  }
}
