/**
 * Names of kernels (`uname -r`): `6.1.0-31-amd64`, `5.14.0-427.13.1.el9_4.x86_64`, `6.6.31+rpt-rpi-2712`.
 *
 * They are compared as rpm and dpkg do, number by number and word by word. A host may have kernels of several kinds installed
 * (Raspberry Pi OS has one for each board); only those of one kind, whose words are the same, are older and newer.
 */

type Part = number | string;

function partsOf(release: string): Part[] {
  return (release.match(/\d+|[a-z]+/gi) ?? []).map((part) => /\d/.test(part) ? Number(part) : part);
}

function wordsOf(parts: readonly Part[]): string {
  return parts.filter((part) => typeof part === "string").join(" ");
}

/** Negative, 0 or positive as `one` is older than, equal to or newer than `other`. A number is newer than a word: `427.8.el9` than `427.el9`. */
function compareParts(one: readonly Part[], other: readonly Part[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const [left, right] = [one[index], other[index]];
    if (left === right) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (typeof left !== typeof right) return typeof left === "number" ? 1 : -1;
    return left < right ? -1 : 1;
  }
  return 0;
}

/** The newest of `installed` that is newer than `running` and of its kind; `undefined` when there is none. */
export function newerKernel(running: string, installed: readonly string[]): string | undefined {
  let newest = partsOf(running);
  const kind = wordsOf(newest);
  let name: string | undefined;
  for (const release of installed) {
    const parts = partsOf(release);
    if (wordsOf(parts) === kind && compareParts(parts, newest) > 0) [newest, name] = [parts, release];
  }
  return name;
}
