/** Name patterns of configuration: `*` is any text, `?` any one character, everything else stands for itself. */

/** True when the whole of `name` matches. Time is bounded by the product of both lengths, whatever a host calls its things. */
export function globMatches(pattern: string, name: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1; // The last `*` met, and where the text it stands for ends so far.
  let starEnd = 0;
  while (at < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      starEnd = at;
    } else if (wanted !== undefined && (wanted === "?" || wanted === name[at])) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starEnd;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}

/** True when `name` matches one of `include` (or `include` is empty) and none of `exclude`. */
export function globAllows(name: string, include: readonly string[], exclude: readonly string[]): boolean {
  const matches = (pattern: string) => globMatches(pattern, name);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}
