/** Rounding for the wire: percentages carry two decimals, and nothing after them says more than noise. */

/** Rounded to two decimals. */
export function roundTo2(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `part` of `whole` in percent, 0 to 100, two decimals; 0 when there is nothing to take a part of. */
export function percentOf(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return roundTo2(Math.min(100, Math.max(0, (part / whole) * 100)));
}
