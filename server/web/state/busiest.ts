/** Which of several things is worth showing first. */

/** The name with the most traffic; the first where all have the same; `undefined` where there is none. */
export function busiest(names: readonly string[], traffic: (name: string) => number): string | undefined {
  let most: string | undefined;
  for (const name of names) if (most === undefined || traffic(name) > traffic(most)) most = name;
  return most;
}
