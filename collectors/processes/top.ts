/** Which of many processes are worth a line. */

/** A `Map`, `Set` or array: gone through by a callback, which allocates nothing, unlike an iterator. */
export interface Items<T> {
  forEach(visit: (item: T) => void): void;
}

/**
 * The `count` items with the highest scores, highest first; of equal ones, those with the higher `tieBreak`. Items without a score are
 * left out. It keeps no more than `count` items, however many there are.
 */
export function topOf<T>(
  items: Items<T>,
  count: number,
  score: (item: T) => number | undefined,
  tieBreak: (item: T) => number,
): T[] {
  const top: T[] = [];
  const scores: number[] = [];
  const isAbove = (own: number, item: T, place: number) => {
    const other = top[place];
    const otherScore = scores[place];
    if (other === undefined || otherScore === undefined) return false;
    return own > otherScore || (own === otherScore && tieBreak(item) > tieBreak(other));
  };
  items.forEach((item) => {
    const own = score(item);
    if (own === undefined) return;
    if (top.length === count) {
      if (!isAbove(own, item, count - 1)) return;
      top.pop();
      scores.pop();
    }
    let place = top.length;
    while (isAbove(own, item, place - 1)) place--;
    top.splice(place, 0, item);
    scores.splice(place, 0, own);
  });
  return top;
}
