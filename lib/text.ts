/** Text from hosts and networks is hostile: it is bounded and made harmless before a terminal or a log shows it. */

// C0 and C1 controls, line and paragraph separators, and the marks that reorder what is shown (Trojan Source).
// deno-lint-ignore no-control-regex
const dangerous = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * One harmless line: controls become visible escapes (`\x1b`), what is longer than `maxLength` characters is cut and
 * marked with `…`.
 */
export function sanitise(text: string, maxLength = 1024): string {
  return clip(text, maxLength).replace(dangerous, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** At most `maxLength` characters of a text (the wire's default), the last one `…` when it was cut. */
export function clip(text: string, maxLength = 1024): string {
  return text.length > maxLength ? text.slice(0, maxLength - 1) + "…" : text;
}
