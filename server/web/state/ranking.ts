/** Orders that several tables share. Sorting is stable: what is equal here keeps the order that it had. */

/** An order of two things, as `Array.sort` takes it. */
export type Order<T> = (a: T, b: T) => number;

/** Largest value first; those without one come last. */
export function largestFirst<T>(value: (item: T) => number | undefined): Order<T> {
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined);
    }
    return right - left;
  };
}

/** Those for which `isFirst` holds come first. */
export function thoseFirst<T>(isFirst: (item: T) => boolean): Order<T> {
  return (a, b) => Number(isFirst(b)) - Number(isFirst(a));
}

/** By the first of the orders that tells two things apart. */
export function byTurns<T>(...orders: readonly Order<T>[]): Order<T> {
  return (a, b) => {
    for (const order of orders) {
      const difference = order(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** By name as people count: `sda2` before `sda10`. */
export function byName<T>(name: (item: T) => string | undefined): Order<T> {
  return (a, b) => collator.compare(name(a) ?? "", name(b) ?? "");
}
