/** Folders of sysfs that a host may lack. */

/** Kept, as making one takes longer than the sorting. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** Names in `folder`, sorted with numbers by value (`hwmon2` before `hwmon10`); none where there is no such folder. */
export function namesIn(folder: string): string[] {
  let names: string[];
  try {
    names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch {
    return []; // No driver has made it: an answer, not a failure.
  }
  return names.sort(byNumber.compare);
}

/** The folder that `path` leads to through links; `undefined` where there is none. */
export function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined; // Not there: an answer, not a failure.
  }
}
